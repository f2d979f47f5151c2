import Corpus
import Dataflow
package import Elements
package import Kafka
package import Observability
package import Running
import Synchronization

/// Records of some Kafka topics, all partitions, from the fences on.
package final class KafkaRecordSource: RecordSource {
    private let node: String
    private let topics: [String]
    private let startsLatest: Bool
    private let check: FenceCheck
    private let patience: Duration?
    private let consumer: KafkaConsumer
    private let assigned = Mutex<[TopicPartition: Int64]>([:])
    private let commits: Bool

    private let answerTime: Duration

    /// - Parameters:
    ///   - patience: How long brokers that do not answer at the start are waited for; `nil`: for ever.
    ///   - answerTime: How long the brokers have for an answer at the start, before they are asked anew.
    package init(
        node: String, settings: KafkaSettings, topics: [String], group: String?, startsLatest: Bool, acceptsGap: Bool,
        patience: Duration?, answerTime: Duration = .seconds(5),
        onGap: @escaping @Sendable (_ what: String) throws -> Void,
        onNotice: @escaping @Sendable (KafkaNotice) -> Void
    ) throws {
        self.node = node
        self.topics = topics
        self.startsLatest = startsLatest
        check = FenceCheck(node: node, acceptsGap: acceptsGap, onGap: onGap)
        self.patience = patience
        self.answerTime = answerTime
        commits = group != nil
        consumer = try KafkaConsumer(
            settings, group: group, maximumBufferedBytes: 16 << 20, maximumBatchBytes: 4 << 10, onNotice: onNotice)
    }

    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let clock = ContinuousClock()
        let begun = clock.now
        while true {
            do {
                return try await startOnce(after: fences)
            } catch let error as KafkaError where error.isRetriable {
                if stop.isRaised { return nil }
                if let patience, clock.now - begun >= patience {
                    throw DaemonError(
                        .unavailable,
                        "\(node): gave up after \(patience.components.seconds) s, since --until-drained waits no longer: "
                            + "\(error)")
                }
            }
        }
    }

    private func startOnce(after fences: [Fence]) async throws -> [Fence] {
        let partitions = try await consumer.partitions(of: topics, timeout: answerTime)
        let marks = try await consumer.watermarks(of: partitions, timeout: answerTime)
        let contents = KafkaContents(consumer: consumer, node: node, topics: topics, marks: marks)
        let kept = try await check.passed(fences, by: contents)
        var start = marks.mapValues { startsLatest ? $0.high : $0.low }
        for fence in kept where fence.source == node && topics.contains(fence.topic) {
            start[PartitionKey(of: fence).topicPartition] = fence.next
        }
        assigned.withLock { $0 = start }
        try consumer.assign(start)
        return startsLatest ? kept + ends(in: start, without: kept) : kept
    }

    /// Fences at the ends from which partitions are read that have none.
    ///
    /// Without them, what comes between this start and the first record read would be passed over by a next start at the
    /// end.
    private func ends(in start: [TopicPartition: Int64], without kept: [Fence]) -> [Fence] {
        let fenced = Set(kept.filter { $0.source == node }.map(PartitionKey.init(of:)))
        return start.filter { !fenced.contains(PartitionKey($0.key)) }.map { partition, offset in
            Fence(source: node, topic: partition.topic, partition: partition.partition, next: offset, last: nil)
        }.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        KafkaSourceBatches(upstream: consumer.batches, node: node)
    }

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool {
        let starts = assigned.withLock { $0 }
        guard !starts.isEmpty, let marks = try? await consumer.watermarks(of: Array(starts.keys), timeout: .seconds(5))
        else {
            return false
        }
        return starts.allSatisfy { partition, start in
            let position = next[PartitionKey(partition)] ?? start
            return position >= marks[partition]?.high ?? .max
        }
    }

    package func checkpointed(_ fences: [Fence]) async {
        guard commits else { return }
        var offsets: [TopicPartition: Int64] = [:]
        for fence in fences where fence.source == node {
            offsets[PartitionKey(of: fence).topicPartition] = fence.next
        }
        consumer.commit(offsets)
    }

    package var lag: [SourceLag] {
        consumer.lag.map { SourceLag(topic: $0.key.topic, partition: $0.key.partition, records: $0.value) }
    }

    package func close() async { await consumer.close(within: ShutdownPatience.standard.kafkaClient) }
}

/// What the topics of a Kafka source hold now.
private struct KafkaContents: FencedContents {
    let consumer: KafkaConsumer
    let node: String
    let topics: [String]
    let marks: [TopicPartition: Watermarks]

    var words: SourceWords { .kafka }

    func reads(_ topic: String) -> Bool { topics.contains(topic) }

    func held(in partition: PartitionKey) -> HeldOffsets? {
        marks[partition.topicPartition].map { HeldOffsets(first: $0.low, end: $0.high) }
    }

    func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
        let record = try await consumer.record(at: partition.topicPartition, offset: offset, timeout: .seconds(30))
        return record.map { RawRecord($0, node: node).valueHash }
    }
}

/// The consumer's batches as a record source's.
private struct KafkaSourceBatches<Upstream: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Upstream.Element == KafkaBatch {
    let upstream: Upstream
    let node: String

    struct AsyncIterator: AsyncIteratorProtocol {
        var upstream: Upstream.AsyncIterator
        let node: String

        mutating func next() async throws -> SourceBatch? {
            guard let batch = try await upstream.next() else { return nil }
            let positions = batch.positions.map { (PartitionKey($0.key), $0.value) }
            return SourceBatch(
                records: batch.records.map { RawRecord($0, node: node) },
                positions: Dictionary(positions, uniquingKeysWith: { $0 > $1 ? $0 : $1 }))
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(upstream: upstream.makeAsyncIterator(), node: node)
    }
}

extension RawRecord {
    fileprivate init(_ record: KafkaRecord, node: String) {
        self.init(
            position: RecordPosition(
                source: node, topic: record.topic, partition: record.partition, offset: record.offset),
            timestamp: record.timestamp, key: record.key, value: record.value)
    }
}
