import Dataflow
import RecordReading
import Running
import Topology

/// A source that reads Kafka topics.
struct KafkaSourceNode: ReadsRecords, ReachesKafka {
    private static let brokers = Field.required(
        "brokers", .string, "Addresses of brokers, `host:port`, separated by commas.")
    private static let topics = Field.requiredList("topics", of: .string, "The topics to read, all their partitions.")
    private static let group = Field.optional(
        "group", .string,
        "A name under which offsets are committed, for lag tools only: the truth is the fence.")
    private static let startsLatest = Field.choice(
        "start", among: ["earliest", "latest"], default: "earliest",
        "Where to start on a partition that has no fence yet."
    ) { $0 == "latest" }

    static let schema = NodeSchema(
        kind: .source, type: "kafka", output: .documents, ports: RecordFields.ports,
        fields: [brokers.schema, topics.schema, group.schema, startsLatest.schema]
            + RecordFields.Framing.messages.fields
            + [KafkaFields.settings.schema],
        documentation: "Reads records from Kafka: all partitions of its topics, from the fence of the last checkpoint.")

    let node: Node
    let brokers: String?
    let topics: [String]
    let settings: [String: SettingValue]
    private let group: String?
    private let startsLatest: Bool
    private let records: RecordFields

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        brokers = try node[Self.brokers]
        topics = try node[Self.topics]
        group = try node[Self.group]
        startsLatest = try node[Self.startsLatest]
        records = try RecordFields(node, .messages)
        settings = try node[KafkaFields.settings] ?? [:]
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let options = context.options
        let source = try KafkaRecordSource(
            node: id, settings: try context.graph.kafkaSettings(of: self), topics: topics, group: group,
            startsLatest: startsLatest, acceptsGap: options.acceptGap,
            patience: options.untilDrained ? options.brokerPatience : nil,
            clock: options.clock, onGap: context.gap(of: id),
            onNotice: context.outages.kafkaNotices(of: id, notice: options.notice))
        try pipeline.read(self, source, records, context, timers: timers)
    }
}
