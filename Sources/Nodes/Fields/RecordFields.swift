import Corpus
import Topology

/// The fields that describe a document source's records.
struct RecordFields: Sendable {
    /// How a source tells where a record ends.
    enum Framing {
        /// By line ends, which packed token ids may hold.
        case lines
        /// By messages of a known length.
        case messages

        fileprivate var format: Field<RecordFormat> {
            switch self {
            case .lines:
                .word(
                    "format", [.json, .text], default: .json,
                    "How a line is read: JSON with `text` or `tokens`, or plain text. Packed token ids are read from Kafka "
                        + "only: a line end may be among their bytes.")
            case .messages:
                .word(
                    "format", [.json, .text, .tokens], default: .json,
                    "How a record is read: JSON with `text` or `tokens`, plain text, or packed little-endian 32-bit token ids."
                )
            }
        }

        /// The fields of a source that tells records so.
        var fields: [FieldSchema] { [format.schema, RecordFields.largest.schema] }
    }

    fileprivate static let largest = Field.bytes(
        "maximum_record", default: "16MiB", "Records larger than this become dead letters.")
    static let ports = ["rejected": EdgeType.deadLetters]

    let format: RecordFormat
    let maximumBytes: Int

    init(_ node: Node, _ framing: Framing) throws(TopologyError) {
        format = try node[framing.format]
        maximumBytes = try node[Self.largest]
    }
}
