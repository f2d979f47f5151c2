import Corpus
import Dataflow
import Topology

/// A source that reads Kafka topics.
struct KafkaSourceNode: ExaminesRecords, ReachesKafka {
    static let schema = NodeSchema(
        kind: .source, type: "kafka", output: .documents, ports: RecordFields.ports,
        fields: KafkaSourceFields.first + RecordFields.Framing.messages.fields + KafkaSourceFields.last,
        documentation: "Reads records from Kafka: all partitions of its topics, from the fence of the last checkpoint.")

    let node: Node
    private let kafka: KafkaSourceFields
    private let records: RecordFields

    var brokers: String? { kafka.brokers }
    var topics: [String] { kafka.topics }
    var settings: [String: SettingValue] { kafka.settings }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        kafka = try KafkaSourceFields(node)
        records = try RecordFields(node, .messages)
    }

    func examination(in graph: Graph) throws -> RecordExamination {
        RecordExamination(
            RecordDecoder(
                format: records.format, node: id, maximumBytes: records.maximumBytes,
                vocabulary: try graph.vocabulary(reading: node)))
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        try pipeline.read(self, kafka.source(of: self, context), records, context, timers: timers)
    }
}
