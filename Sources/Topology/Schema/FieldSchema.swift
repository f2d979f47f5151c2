/// The type of a field's value in the topology file.
public indirect enum FieldType: Sendable, Hashable {
    /// Any text.
    case string
    /// One of a set of words.
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
    /// Members of a JSON object, whatever they are.
    case members
    /// `all`, a list of latents, a range `a..b`, `{ sample: n, seed: s }`, or `{ firing: n }`.
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
    /// The default, as it would be written in the file; `nil` if there is none.
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
