import RecordReading
import Running
import Topology

/// The fields that Kafka sources and sinks have in common.
enum KafkaFields {
    static let settings = Field.settings(
        "librdkafka", "Settings handed to librdkafka, except those that are Gloss' own.")
}

/// The fields of a source that reads Kafka topics, whatever their records hold.
struct KafkaSourceFields: Sendable {
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

    static let first = [brokers.schema, topics.schema, group.schema, startsLatest.schema]
    static let last = [KafkaFields.settings.schema]

    let brokers: String
    let topics: [String]
    let settings: [String: SettingValue]
    private let group: String?
    private let startsLatest: Bool

    init(_ node: Node) throws(TopologyError) {
        brokers = try node[Self.brokers]
        topics = try node[Self.topics]
        group = try node[Self.group]
        startsLatest = try node[Self.startsLatest]
        settings = try node[KafkaFields.settings] ?? [:]
    }

    /// The source of a node that has these fields.
    func source(of node: any ReachesKafka, _ context: NodeContext) throws -> KafkaRecordSource {
        let options = context.options
        return try KafkaRecordSource(
            node: node.id, settings: try context.graph.kafkaSettings(of: node), topics: topics,
            group: options.tap == nil ? context.group(of: node.id, otherwise: group) : nil,
            startsLatest: startsLatest, acceptsGap: options.acceptGap,
            patience: options.untilDrained ? options.brokerPatience : nil,
            clock: options.clock, part: context.part(of: node.id), onGap: context.gap(of: node.id),
            onNotice: context.outages.kafkaNotices(of: node.id, notice: options.notice))
    }
}
