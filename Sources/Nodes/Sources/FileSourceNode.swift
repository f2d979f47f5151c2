import Dataflow
import Foundation
import RecordReading
import Running
import Topology

/// A source that reads a file of lines.
struct FileSourceNode: ReadsRecords {
    private static let path = Field.required(
        "path", .path, "A file of lines (NDJSON or plain text), plain or gzip.")

    static let schema = NodeSchema(
        kind: .source, type: "file", output: .documents, ports: RecordFields.ports,
        fields: [path.schema] + RecordFields.Framing.lines.fields,
        documentation: "Reads a file line by line; resumable by byte offset.")

    let node: Node
    let path: String
    let records: RecordFields

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        path = try node[Self.path]
        records = try RecordFields(node, .lines)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        findings.report(.missingFile, node.mark(of: Self.path), "\(id): there is no file \(path)")
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let source = FileRecordSource(
            node: id, path: path, maximumBytes: records.maximumBytes, acceptsGap: context.options.acceptGap,
            onGap: context.gap(of: id), disk: context.disk)
        try pipeline.read(self, source, records, context, timers: timers)
    }
}
