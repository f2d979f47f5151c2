import Corpus
import Elements
import Kafka

/// A partition of one source.
struct PartitionKey: Hashable, Sendable {
    let topic: String
    let partition: Int32

    init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// The partition that a record stands in.
    init(of record: RawRecord) { self.init(topic: record.position.topic, partition: record.position.partition) }

    /// The partition that a fence stands in.
    init(of fence: Fence) { self.init(topic: fence.topic, partition: fence.partition) }

    /// The partition as the Kafka client names it.
    init(_ partition: TopicPartition) { self.init(topic: partition.topic, partition: partition.partition) }

    /// The partition as the Kafka client takes it.
    var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
