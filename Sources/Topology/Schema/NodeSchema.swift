/// The inputs, outputs and fields of a kind of node.
///
/// Several schemas may share kind and type and differ by a `variant` field: `{ type: explain, explainer: lexical }`.
public struct NodeSchema: Sendable, Hashable {
    /// The section of the file that it belongs in.
    public let kind: NodeKind
    /// The word after `type:`.
    public let type: String
    /// The field and value that select this schema among those of its type; `nil` if there is one.
    public let variant: Variant?
    /// The types of its inputs; empty for a source.
    public let inputs: [EdgeType]
    /// The most inputs it takes.
    public let maximumInputs: Int
    /// The type of its output; `nil` for a sink.
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
