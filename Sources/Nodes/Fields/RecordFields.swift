import Corpus
import Topology

/// The fields that describe a document source's records.
struct RecordFields: Sendable {
    private static let format = Field.word(
        "format", [RecordFormat.json, .text, .tokens], default: .json,
        "How a record is read: JSON with `text` or `tokens`, plain text, or packed little-endian 32-bit token ids.")
    private static let largest = Field.bytes(
        "maximum_record", default: "16MiB", "Records larger than this become dead letters.")
    static let fields = [format.schema, largest.schema]
    static let ports = ["rejected": EdgeType.deadLetters]

    let format: RecordFormat
    let maximumBytes: Int

    init(_ node: Node) throws(TopologyError) {
        format = try node[Self.format]
        maximumBytes = try node[Self.largest]
    }
}
