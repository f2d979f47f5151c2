import Foundation
import RecordReading
import Running
import Topology

/// How binary records come in: what a source's node has besides the fields that say what they hold.
protocol RecordTransport: Sendable {
    /// The word after `from:`.
    static var name: String { get }
    /// The fields before those of the contents.
    static var first: [FieldSchema] { get }
    /// The fields after them.
    static var last: [FieldSchema] { get }

    /// Reads the fields.
    init(_ node: Node) throws(TopologyError)

    /// The place that is read, as it is written.
    var place: String { get }

    /// Reports what is missing.
    func check(_ node: Node, into findings: inout NodeFindings)

    /// The source of a node that has these fields.
    ///
    /// - Parameter maximumBytes: The largest record that is read.
    func source(
        of node: some NodeDefinition, maximumBytes: Int, _ context: NodeContext
    ) throws -> any RecordSource
}

extension RecordTransport {
    func check(_ node: Node, into findings: inout NodeFindings) {}

    /// The schema of a source of records that come in this way.
    static func schema(
        type: String, output: EdgeType, fields: [FieldSchema], documentation: String
    ) -> NodeSchema {
        NodeSchema(
            kind: .source, type: type, variant: NodeSchema.Variant(field: "from", value: name), output: output,
            ports: RecordFields.ports, fields: first + fields + last, documentation: documentation)
    }
}

/// Records as values of Kafka topics.
struct KafkaTransport: RecordTransport {
    static let name = "kafka"
    static let first = KafkaSourceFields.first
    static let last = KafkaSourceFields.last

    let fields: KafkaSourceFields
    var place: String { fields.topics.joined(separator: ", ") }

    init(_ node: Node) throws(TopologyError) { fields = try KafkaSourceFields(node) }

    func source(
        of node: some NodeDefinition, maximumBytes: Int, _ context: NodeContext
    ) throws -> any RecordSource {
        guard let node = node as? any ReachesKafka else {
            throw TopologyError.missingField(node: node.id, field: "brokers")
        }
        return try fields.source(of: node, context)
    }
}

/// Records one behind the other in files.
struct FileTransport: RecordTransport {
    private static let path = Field.required(
        "path", .path,
        "A file of records, or a folder whose files named `*.records` are read in the order of their names.")

    static let name = "file"
    static let first = [path.schema]
    static let last: [FieldSchema] = []

    let place: String

    init(_ node: Node) throws(TopologyError) { place = try node[Self.path] }

    func check(_ node: Node, into findings: inout NodeFindings) {
        guard !FileManager.default.fileExists(atPath: place) else { return }
        findings.report(
            .missingFile, node.mark(of: Self.path), "\(node.id): there is no file or folder \(place)",
            help: NodeFindings.pathHelp)
    }

    func source(
        of node: some NodeDefinition, maximumBytes: Int, _ context: NodeContext
    ) throws -> any RecordSource {
        RecordFileSource(
            node: node.id, path: place, maximumBytes: maximumBytes, acceptsGap: context.options.acceptGap,
            onGap: context.gap(of: node.id))
    }
}
