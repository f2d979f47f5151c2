import Dataflow
import Elements
import Kafka
import Nodes
import Topology

/// A source of a topology to whose topics refused records are sent again.
struct ReplaySource: Sendable {
    let settings: KafkaSettings
    let topics: Set<String>
    /// What it takes.
    let examination: RecordExamination
    /// For questions to the brokers.
    let consumer: KafkaConsumer
    /// The partitions that the topics have.
    let partitions: Set<TopicPartition>

    /// The largest record that is sent, in bytes.
    var largest: Int {
        settings.settings["message.max.bytes"].flatMap { Int($0) } ?? KafkaProducer.largestRecord
    }
}

/// The sources of a topology to which refused records can be sent again.
struct ReplaySources: Sendable {
    private let sources: [String: ReplaySource]
    /// Sources that read no topic.
    private let others: Set<String>
    /// The names under which what processes tell each other is read.
    private let telling: Set<String>

    /// Asks the brokers of all Kafka sources for their partitions.
    ///
    /// - Parameters:
    ///   - node: The source that is wanted; `nil` for all.
    ///   - pool: Where calls that block are run.
    /// - Throws: `KafkaError`; what reading secrets and tokenizers throws.
    init(
        of graph: Graph, node: String?, pool: ComputePool<Void>, onNotice: @escaping @Sendable (KafkaNotice) -> Void
    ) async throws {
        var sources: [String: ReplaySource] = [:]
        for found in graph.kafkaNodes where found.node.kind == .source && found.node.id == node ?? found.node.id {
            let id = found.node.id
            let examination = try await pool.run { _ in try graph.examination(ofRecordsOf: id) }
            guard let examination else { continue }
            let settings = try found.settings.get()
            let consumer = try KafkaConsumer(settings, group: nil, onNotice: onNotice)
            let partitions = try await consumer.partitions(of: found.topics)
            sources[id] = ReplaySource(
                settings: settings, topics: Set(found.topics), examination: examination, consumer: consumer,
                partitions: Set(partitions))
        }
        self.sources = sources
        let all = graph.topology.nodes.filter { $0.kind == .source }.map(\.id)
        others = Set(all).subtracting(graph.kafkaNodes.map(\.node.id))
        telling = graph.tellingSources
    }

    /// The source to which a record is sent, or why there is none.
    func source(of position: RecordPosition) -> Result<ReplaySource, ReplayObstacle> {
        if others.contains(position.source) { return .failure(.isNoTopic) }
        if telling.contains(position.source) { return .failure(.isShuffled(topic: position.topic)) }
        guard let source = sources[position.source], source.topics.contains(position.topic) else {
            return .failure(.isNotRead(node: position.source, topic: position.topic))
        }
        let partition = TopicPartition(topic: position.topic, partition: position.partition)
        return source.partitions.contains(partition) ? .success(source) : .failure(.hasNoPartition(partition))
    }

    /// Releases the clients.
    func close() async {
        for source in sources.values { await source.consumer.close(within: .seconds(2)) }
    }
}

extension ReplayObstacle: Error {}
