/// Where a record stands in its source: the topic (or file path), the partition and the offset.
public struct RecordPosition: Sendable, Hashable, Codable {
    /// The source node's id in the topology.
    public let source: String
    /// The topic's name, or the file's path.
    public let topic: String
    /// The partition; 0 for a file.
    public let partition: Int32
    /// The record's offset; for a file the offset of the record's first byte in the uncompressed text.
    public let offset: Int64

    /// Makes a position.
    public init(source: String, topic: String, partition: Int32, offset: Int64) {
        self.source = source
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}

/// How far one partition has been counted: what a checkpoint stores and a restart seeks to.
public struct Fence: Sendable, Hashable {
    /// The source node's id in the topology.
    public let source: String
    /// The topic's name, or the file's path.
    public let topic: String
    /// The partition; 0 for a file.
    public let partition: Int32
    /// The offset of the next record to read; never the last one read.
    public let next: Int64
    /// The offset of the last record counted, wholly or in part, and a hash of its bytes; `nil` before the first.
    public let last: LastRecord?
    /// The contexts of the record at `next` that are counted already; 0 unless the fence stands within a record.
    public let contexts: Int
    /// Which reading of the partition it is of, where processes take partitions from each other.
    ///
    /// What is of one reading says nothing of another. Never stored.
    public let reading: Int

    /// The last record that counted towards a fence.
    public struct LastRecord: Sendable, Hashable {
        /// The record's offset.
        public let offset: Int64
        /// SipHash-64 of the record's value bytes under the fixed key (0, 0).
        public let hash: UInt64

        /// Makes a last record.
        public init(offset: Int64, hash: UInt64) {
            self.offset = offset
            self.hash = hash
        }
    }

    /// Makes a fence.
    public init(
        source: String, topic: String, partition: Int32, next: Int64, last: LastRecord?, contexts: Int = 0,
        reading: Int = 0
    ) {
        self.source = source
        self.topic = topic
        self.partition = partition
        self.next = next
        self.last = last
        self.contexts = contexts
        self.reading = reading
    }

    /// Whether more of its partition is counted than at another fence of the same one.
    ///
    /// One of a later reading is ahead of all before, since that counts anew.
    public func isAhead(of other: Fence) -> Bool {
        (reading, next, contexts) > (other.reading, other.next, other.contexts)
    }
}
