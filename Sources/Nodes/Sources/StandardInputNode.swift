import Dataflow
import RecordReading
import Running
import Topology

/// A source that reads standard input.
struct StandardInputNode: ReadsRecords {
    static let schema = NodeSchema(
        kind: .source, type: "stdin", output: .documents, ports: RecordFields.ports,
        fields: RecordFields.Framing.lines.fields,
        documentation: "Reads standard input line by line; at most once: what a crash loses is not read again.")

    let node: Node
    private let records: RecordFields

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        records = try RecordFields(node, .lines)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        context.options.warning(id, "standard input is read at most once: what a crash loses is not read again")
        let source = StdinRecordSource(
            node: id, timestamp: context.options.now(), maximumBytes: records.maximumBytes)
        // Input read before a restart is no longer in standard input.
        try pipeline.read(self, source, records, context, fences: [], timers: timers)
    }
}
