package import Corpus
package import Elements
package import Kafka

/// A partition of one source.
package struct PartitionKey: Hashable, Sendable {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// The partition that a record stands in.
    package init(of record: RawRecord) { self.init(topic: record.position.topic, partition: record.position.partition) }

    /// The partition that a fence stands in.
    package init(of fence: Fence) { self.init(topic: fence.topic, partition: fence.partition) }

    /// The partition as the Kafka client names it.
    package init(_ partition: TopicPartition) { self.init(topic: partition.topic, partition: partition.partition) }

    /// The partition as the Kafka client takes it.
    package var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
