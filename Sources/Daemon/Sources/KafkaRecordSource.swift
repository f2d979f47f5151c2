import Corpus
import Dataflow
import Elements
import Kafka
import Synchronization

/// Records of some Kafka topics, all partitions, from the fences on.
final class KafkaRecordSource: RecordSource {
    private let node: String
    private let topics: [String]
    private let startsLatest: Bool
    private let acceptsGap: Bool
    private let onGap: @Sendable () -> Void
    private let consumer: KafkaConsumer
    private let assigned = Mutex<[TopicPartition: Int64]>([:])
    private let commits: Bool

    init(
        node: String, settings: KafkaSettings, topics: [String], group: String?, startsLatest: Bool, acceptsGap: Bool,
        onGap: @escaping @Sendable () -> Void, onNotice: @escaping @Sendable (KafkaNotice) -> Void
    ) throws {
        self.node = node
        self.topics = topics
        self.startsLatest = startsLatest
        self.acceptsGap = acceptsGap
        self.onGap = onGap
        commits = group != nil
        consumer = try KafkaConsumer(
            settings, group: group, maximumBufferedBytes: 16 << 20, maximumBatchBytes: 4 << 10, onNotice: onNotice)
    }

    func start(behind fences: [Fence]) async throws {
        let known = Dictionary(
            fences.filter { $0.source == node }.map {
                (TopicPartition(topic: $0.topic, partition: $0.partition), $0)
            }, uniquingKeysWith: { $1 })
        var offsets: [TopicPartition: Int64] = [:]
        let partitions = try await consumer.partitions(of: topics, timeout: .seconds(30))
        for (partition, marks) in try await consumer.watermarks(of: partitions, timeout: .seconds(30)) {
            if let fence = known[partition] {
                offsets[partition] = try await checked(fence, partition, marks)
            } else {
                offsets[partition] = startsLatest ? marks.high : marks.low
            }
        }
        let start = offsets
        assigned.withLock { $0 = start }
        try consumer.assign(start)
    }

    private func checked(_ fence: Fence, _ partition: TopicPartition, _ marks: Watermarks) async throws -> Int64 {
        let place = "topic \(partition.topic), partition \(partition.partition)"
        if fence.next > marks.high {
            guard acceptsGap else {
                throw DaemonError(
                    .fence,
                    """
                    \(place): the last checkpoint stands at offset \(fence.next), but the topic ends at \(marks.high): \
                    it was recreated or truncated. Start with --accept-gap to go on from offset \(marks.low); the \
                    evidence is then marked inexact.
                    """)
            }
            onGap()
            return marks.low
        }
        if fence.next < marks.low {
            guard acceptsGap else {
                throw DaemonError(
                    .fence,
                    """
                    \(place): the last checkpoint stands at offset \(fence.next), but the oldest record kept is \
                    \(marks.low): records in between have been deleted unread. Start with --accept-gap to go on from \
                    offset \(marks.low); the evidence is then marked inexact.
                    """)
            }
            onGap()
            return marks.low
        }
        guard let last = fence.last, last.offset >= marks.low else { return fence.next }
        let record = try await consumer.record(at: partition, offset: last.offset, timeout: .seconds(30))
        let hash = record.map { RawRecord($0, node: node).valueHash }
        if hash != last.hash {
            guard !acceptsGap else {
                onGap()
                return fence.next
            }
            throw DaemonError(
                .fence,
                """
                \(place): the record at offset \(last.offset) is not the one that the last checkpoint counted: the \
                topic was recreated with other records. Start with --accept-gap to go on from offset \(fence.next) all \
                the same; the evidence is then marked inexact.
                """)
        }
        return fence.next
    }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        KafkaSourceBatches(upstream: consumer.batches, node: node)
    }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool {
        let starts = assigned.withLock { $0 }
        guard let marks = try? await consumer.watermarks(of: Array(starts.keys), timeout: .seconds(5)) else {
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
