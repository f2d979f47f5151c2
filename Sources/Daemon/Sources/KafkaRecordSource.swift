import Corpus
import Dataflow
import Elements
import Kafka
import Observability
import Synchronization

/// Records of some Kafka topics, all partitions, from the fences on.
final class KafkaRecordSource: RecordSource {
    private let node: String
    private let topics: [String]
    private let startsLatest: Bool
    private let acceptsGap: Bool
    private let onGap: @Sendable (_ what: String) throws -> Void
    private let patience: Duration?
    private let consumer: KafkaConsumer
    private let assigned = Mutex<[TopicPartition: Int64]>([:])
    private let commits: Bool

    /// How long the brokers have for an answer at the start, before they are asked anew.
    private static let answerTime = Duration.seconds(5)

    /// - Parameter patience: How long brokers that do not answer at the start are waited for; `nil` for ever.
    init(
        node: String, settings: KafkaSettings, topics: [String], group: String?, startsLatest: Bool, acceptsGap: Bool,
        patience: Duration?, onGap: @escaping @Sendable (_ what: String) throws -> Void,
        onNotice: @escaping @Sendable (KafkaNotice) -> Void
    ) throws {
        self.node = node
        self.topics = topics
        self.startsLatest = startsLatest
        self.acceptsGap = acceptsGap
        self.onGap = onGap
        self.patience = patience
        commits = group != nil
        consumer = try KafkaConsumer(
            settings, group: group, maximumBufferedBytes: 16 << 20, maximumBatchBytes: 4 << 10, onNotice: onNotice)
    }

    func start(behind fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let clock = ContinuousClock()
        let begun = clock.now
        while true {
            do {
                return try await startOnce(behind: fences)
            } catch let error as KafkaError where error.isRetriable {
                if stop.isRaised { return nil }
                if let patience, clock.now - begun >= patience {
                    throw DaemonError(
                        .runtime,
                        "\(node): gave up after \(patience.components.seconds) s, since --until-drained waits no longer: "
                            + "\(error)")
                }
            }
        }
    }

    private func startOnce(behind fences: [Fence]) async throws -> [Fence] {
        let partitions = try await consumer.partitions(of: topics, timeout: Self.answerTime)
        let marks = try await consumer.watermarks(of: partitions, timeout: Self.answerTime)
        var offsets = marks.mapValues { startsLatest ? $0.high : $0.low }
        var kept: [Fence] = []
        for fence in fences {
            let partition = TopicPartition(topic: fence.topic, partition: fence.partition)
            // A topic that is no longer read keeps its fence, for the day that it is read again.
            guard fence.source == node, topics.contains(fence.topic) else {
                kept.append(fence)
                continue
            }
            guard let gap = try await gap(behind: fence, partition, marks[partition]) else {
                offsets[partition] = fence.next
                kept.append(fence)
                continue
            }
            guard acceptsGap else { throw gap.refusal(at: partition) }
            try onGap(
                "\(partition.topic)/\(partition.partition): \(gap.reason); going on, the evidence is inexact from now on"
            )
            guard let next = gap.next else { continue }
            offsets[partition] = next
            kept.append(
                Fence(source: node, topic: fence.topic, partition: fence.partition, next: next, last: nil))
        }
        let start = offsets
        assigned.withLock { $0 = start }
        try consumer.assign(start)
        return kept
    }

    private func gap(
        behind fence: Fence, _ partition: TopicPartition, _ marks: Watermarks?
    ) async throws -> FenceGap? {
        if let gap = FenceGap(fence, marks: marks) { return gap }
        guard let last = fence.last, let marks, last.offset >= marks.low else { return nil }
        let record = try await consumer.record(at: partition, offset: last.offset, timeout: .seconds(30))
        return FenceGap(fence, last: last, hash: record.map { RawRecord($0, node: node).valueHash })
    }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        KafkaSourceBatches(upstream: consumer.batches, node: node)
    }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool {
        let starts = assigned.withLock { $0 }
        guard !starts.isEmpty, let marks = try? await consumer.watermarks(of: Array(starts.keys), timeout: .seconds(5))
        else {
            return false
        }
        return starts.allSatisfy { partition, start in
            let position = next[PartitionKey(topic: partition.topic, partition: partition.partition)] ?? start
            return position >= marks[partition]?.high ?? .max
        }
    }

    func checkpointed(_ fences: [Fence]) async {
        guard commits else { return }
        var offsets: [TopicPartition: Int64] = [:]
        for fence in fences where fence.source == node {
            offsets[TopicPartition(topic: fence.topic, partition: fence.partition)] = fence.next
        }
        consumer.commit(offsets)
    }

    var lag: [SourceLag] {
        consumer.lag.map { SourceLag(topic: $0.key.topic, partition: $0.key.partition, records: $0.value) }
    }

    func close() async { await consumer.close(within: .seconds(5)) }
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
            let positions = batch.positions.map {
                (PartitionKey(topic: $0.key.topic, partition: $0.key.partition), $0.value)
            }
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
