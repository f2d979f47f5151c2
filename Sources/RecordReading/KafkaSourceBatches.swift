import Corpus
import Elements
import Kafka

/// The consumer's batches as a record source's.
struct KafkaSourceBatches<Upstream: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Upstream.Element == KafkaBatch {
    let upstream: Upstream
    let source: KafkaRecordSource

    struct AsyncIterator: AsyncIteratorProtocol {
        var upstream: Upstream.AsyncIterator
        let source: KafkaRecordSource
        /// The reading of each partition, if a group deals them out.
        var readings: [TopicPartition: Int] = [:]

        mutating func next() async throws -> SourceBatch? {
            guard let batch = try await nextBatch() else { return nil }
            if let assignment = batch.assignment {
                let change = try await source.take(assignment)
                readings = source.readings.current
                return change
            }
            let positions = batch.positions.map { (PartitionKey($0.key), $0.value) }
            return SourceBatch(
                records: batch.records.map {
                    RawRecord($0, node: source.node, reading: readings[$0.topicPartition] ?? 0)
                },
                positions: Dictionary(positions, uniquingKeysWith: { $0 > $1 ? $0 : $1 }))
        }

        private mutating func nextBatch() async throws -> KafkaBatch? {
            do {
                return try await upstream.next()
            } catch let error as KafkaError where error.isOffsetOutOfRange {
                guard let partition = error.partition else { throw error }
                throw FenceGap(refused: error.offset, of: PartitionKey(partition), words: .kafka).refusal
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(upstream: upstream.makeAsyncIterator(), source: source)
    }
}

extension RawRecord {
    /// A record as the client read it.
    init(_ record: KafkaRecord, node: String, reading: Int = 0) {
        self.init(
            position: RecordPosition(
                source: node, topic: record.topic, partition: record.partition, offset: record.offset),
            reading: reading, timestamp: record.timestamp, key: record.key, value: record.value)
    }
}
