import Dataflow
import Running
import Sinks
import Topology

/// Publishes results to a Kafka topic.
struct KafkaSinkNode: TakesResults, ReachesKafka {
    private static let topic = Field.required("topic", .string, "The topic to write to.")
    private static let brokers = Field.optional(
        "brokers", .string, "Addresses of brokers; by default those of the topology's Kafka source.")

    static let schema = NodeSchema(
        kind: .sink, type: "kafka", inputs: [.explanations, .scores, .deadLetters],
        fields: [topic.schema, brokers.schema, KafkaFields.settings.schema],
        documentation: "Publishes results or dead letters through the outbox, each under its job id.")

    let node: Node
    let topic: String
    let brokers: String?
    let settings: [String: SettingValue]

    var topics: [String] { [topic] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        topic = try node[Self.topic]
        brokers = try node[Self.brokers]
        settings = try node[KafkaFields.settings] ?? [:]
    }

    func open(in graph: Graph, options: RunOptions, outages: Outages) throws -> any ResultSink {
        try KafkaResultSink(
            graph.kafkaSettings(of: self), onNotice: outages.kafkaNotices(of: id, notice: options.notice))
    }

    // It takes from the outbox, not from a port.
    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {}
}
