/// One record, copied out of the client library.
public struct KafkaRecord: Hashable, Sendable {
    /// The topic it was read from.
    public let topic: String
    /// The partition it was read from.
    public let partition: Int32
    /// Its offset within the partition.
    public let offset: Int64
    /// Milliseconds since 1970, by the producer's clock or the broker's; -1 if the record carries none.
    public let timestamp: Int64
    /// The key; `nil` if there is none, which is not the same as an empty one.
    public let key: [UInt8]?
    /// The value; `nil` is a tombstone, which is not the same as an empty one.
    public let value: [UInt8]?
    /// The headers, in order; names may repeat.
    public let headers: [KafkaHeader]

    /// Makes a record.
    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64 = -1, key: [UInt8]?, value: [UInt8]?,
        headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// The partition it was read from.
    public var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }

    /// Its weight in a buffer, in bytes: its contents and a constant for the record itself.
    public var byteCount: Int {
        headers.reduce(Self.overhead + (key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.byteCount }
    }

    /// The size of the record's own fields and their allocations, rounded up.
    static let overhead = 160
}

/// One header of a record.
public struct KafkaHeader: Hashable, Sendable {
    /// The name, which need not be unique.
    public let name: String
    /// The value; `nil` is allowed by the protocol.
    public let value: [UInt8]?

    /// Makes a header.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// Its weight in a buffer, in bytes.
    var byteCount: Int { 48 + name.utf8.count + (value?.count ?? 0) }
}

/// Records in the order they were read, and the resulting position in each partition.
public struct KafkaBatch: Hashable, Sendable {
    /// The records, in offset order within a partition; empty if only a position moved.
    public let records: [KafkaRecord]
    /// The next offset to read of every partition this batch moved; stored by checkpoints.
    ///
    /// One past the partition's last record here, or further if transaction markers or compacted records follow it.
    public let positions: [TopicPartition: Int64]
    /// What the group now leaves to this consumer: no more records come until the reader has answered; `nil` otherwise.
    public let assignment: GroupAssignment?

    /// Makes a batch.
    public init(
        records: [KafkaRecord], positions: [TopicPartition: Int64], assignment: GroupAssignment? = nil
    ) {
        self.records = records
        self.positions = positions
        self.assignment = assignment
    }

    /// The weight of the records in bytes.
    public var byteCount: Int { records.reduce(0) { $0 + $1.byteCount } }
}
