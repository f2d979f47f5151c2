/// The type of what crosses an edge, by the name that error messages use.
public struct EdgeType: Sendable, Hashable, CustomStringConvertible {
    /// The name, in the plural, such as `token contexts`.
    public let description: String

    /// Makes an edge type.
    public init(_ description: String) { self.description = description }

    /// Documents of a corpus.
    public static let documents = EdgeType("documents")
    /// Token contexts.
    public static let contexts = EdgeType("token contexts")
    /// Activations at hookpoints.
    public static let activations = EdgeType("activations")
    /// Sparse codes.
    public static let codes = EdgeType("sparse codes")
    /// Evidence.
    public static let evidence = EdgeType("evidence")
    /// Explanations.
    public static let explanations = EdgeType("explanations")
    /// Scores.
    public static let scores = EdgeType("scores")
    /// Records that were refused.
    public static let deadLetters = EdgeType("dead letters")
}

/// Which part of the topology file a node stands in.
public enum NodeKind: String, Sendable, Hashable, CaseIterable {
    /// Under `sources:`.
    case source = "sources"
    /// Under `stages:`.
    case stage = "stages"
    /// Under `sinks:`.
    case sink = "sinks"
}

/// The type of a field's value in the topology file.
public indirect enum FieldType: Sendable, Hashable {
    /// Any text.
    case string
    /// One of some words.
    case word([String])
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A number in a range.
    case number(ClosedRange<Double>)
    /// `true` or `false`, nothing else.
    case boolean
    /// A duration such as `10s`, `500ms`, `5m`, `1h`; stored in milliseconds.
    case duration
    /// A size such as `4GiB`, `512MiB`, `10MB`, or a number of bytes.
    case bytes
    /// A path, relative to the working directory.
    case path
    /// The name of an entry under `models:`.
    case model
    /// A hookpoint name such as `layers.10` or `layers.3.mlp`.
    case hookpoint
    /// A list.
    case list(FieldType)
    /// Free settings, text to text, handed to librdkafka.
    case settings
    /// `all`, a list of latents, a range `a..b`, or `{ sample: n, seed: s }`.
    case latents
}

/// One field of a node.
public struct FieldSchema: Sendable, Hashable {
    /// The field's name.
    public let name: String
    /// Its type.
    public let type: FieldType
    /// Whether it must be given.
    public let isRequired: Bool
    /// The default, as it would be written in the file; `nil` where there is none.
    public let defaultValue: String?
    /// One sentence for the reference page.
    public let documentation: String

    /// A field that must be given.
    public static func required(_ name: String, _ type: FieldType, _ documentation: String) -> FieldSchema {
        FieldSchema(name: name, type: type, isRequired: true, defaultValue: nil, documentation: documentation)
    }

    /// A field that may be left out.
    public static func optional(
        _ name: String, _ type: FieldType, default defaultValue: String? = nil, _ documentation: String
    ) -> FieldSchema {
        FieldSchema(name: name, type: type, isRequired: false, defaultValue: defaultValue, documentation: documentation)
    }
}

/// What a kind of node takes, gives and is set by.
///
/// Several schemas may share kind and type and differ by a `variant` field: `{ type: explain, explainer: lexical }`.
public struct NodeSchema: Sendable, Hashable {
    /// The part of the file it stands in.
    public let kind: NodeKind
    /// The word after `type:`.
    public let type: String
    /// The field and value that select this schema among those of its type; `nil` where there is one.
    public let variant: Variant?
    /// What may be fed to it; empty for a source.
    public let inputs: [EdgeType]
    /// The most inputs it takes.
    public let maximumInputs: Int
    /// What it gives; `nil` for a sink.
    public let output: EdgeType?
    /// Further outputs, read as `node.port`.
    public let ports: [String: EdgeType]
    /// Its fields, without `type` and `inputs` and without the variant's field.
    public let fields: [FieldSchema]
    /// One sentence for the reference page.
    public let documentation: String

    /// A field whose value selects the schema.
    public struct Variant: Sendable, Hashable {
        /// The field's name, such as `explainer`.
        public let field: String
        /// The value that selects the schema, such as `lexical`.
        public let value: String

        /// Makes a variant.
        public init(field: String, value: String) {
            self.field = field
            self.value = value
        }
    }

    /// Makes a schema.
    public init(
        kind: NodeKind, type: String, variant: Variant? = nil, inputs: [EdgeType] = [], maximumInputs: Int = .max,
        output: EdgeType? = nil, ports: [String: EdgeType] = [:], fields: [FieldSchema] = [], documentation: String
    ) {
        self.kind = kind
        self.type = type
        self.variant = variant
        self.inputs = inputs
        self.maximumInputs = maximumInputs
        self.output = output
        self.ports = ports
        self.fields = fields
        self.documentation = documentation
    }
}
