/// One partition of one topic.
public struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The topic's name.
    public let topic: String
    /// The partition's number, from 0.
    public let partition: Int32

    /// Makes the name of a partition.
    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// `topic[partition]`, as Kafka's own tools write it.
    public var description: String { "\(topic)[\(partition)]" }

    /// By topic, then by number.
    public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}

/// The first offset a partition still holds and the one its next record will get.
public struct Watermarks: Hashable, Sendable {
    /// The offset of the oldest record still there; equal to `high` when the partition is empty.
    public let low: Int64
    /// One past the newest record a `read_committed` reader can see.
    public let high: Int64

    /// Makes a pair of watermarks.
    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }

    /// The records that are left after what a group has committed; all that are there if that is nothing.
    public func left(after committed: Int64?) -> Int64 { max(0, high - max(low, committed ?? 0)) }
}
