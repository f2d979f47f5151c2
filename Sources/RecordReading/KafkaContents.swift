import Corpus
import Elements
import Kafka

/// What the topics of a Kafka source hold now.
struct KafkaContents: FencedContents {
    let consumer: KafkaConsumer
    let node: String
    let topics: [String]
    let marks: [TopicPartition: Watermarks]
    /// Hashes of records that were read beforehand; `nil` for a record that is not there.
    var hashes: [TopicPartition: UInt64?] = [:]

    var words: SourceWords { .kafka }

    func reads(_ topic: String) -> Bool { topics.contains(topic) }

    func held(in partition: PartitionKey) -> HeldOffsets? {
        marks[partition.topicPartition].map { HeldOffsets(first: $0.low, end: $0.high) }
    }

    func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
        if let known = hashes[partition.topicPartition] { return known }
        let record = try await consumer.record(at: partition.topicPartition, offset: offset, timeout: .seconds(30))
        return record.map { RawRecord($0, node: node).valueHash }
    }
}
