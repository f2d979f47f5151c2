package import Elements
package import Evidence

/// What one process that reads the corpus tells the owner of one share of the latents.
package struct ShuffleRecord: Sendable {
    /// What is told.
    package enum Body: Sendable {
        /// What has changed of samples and pool, as `Reservoir.takeChanges` gives it.
        case samples([UInt8])
        /// Counts of a block from its start up to some place, wholly or of some latents.
        case counts(CorpusBlock, StreamCounts)
        /// How far partitions have been read, after all that was counted there has been told.
        case marks([ShuffleMark])
        /// A record of the corpus that cannot be used.
        case letter(DeadLetter)
    }

    /// The share that it is for, which is also the partition that it stands in.
    package let shard: Int
    /// The reservoir that it is for; empty for a dead letter.
    package let reservoir: String
    /// A number of the process that wrote it.
    package let writer: UInt64
    /// What is told.
    package let body: Body

    /// Makes a record.
    package init(shard: Int, reservoir: String, writer: UInt64, body: Body) {
        self.shard = shard
        self.reservoir = reservoir
        self.writer = writer
        self.body = body
    }
}

/// How far a partition of the corpus has been read and told of.
package struct ShuffleMark: Sendable, Hashable {
    /// The partition.
    package let partition: CorpusPartition
    /// The offset from which on whoever writes this has counted.
    package let from: Int64
    /// The offset up to which it has, this one not included.
    package let next: Int64
    /// Whether nobody had committed an offset of the partition when it began: nothing comes before `from`.
    package let isFirst: Bool

    /// Makes a mark.
    package init(partition: CorpusPartition, from: Int64, next: Int64, isFirst: Bool) {
        self.partition = partition
        self.from = from
        self.next = next
        self.isFirst = isFirst
    }
}

/// A record on its way to the partition of its share.
package struct ShuffleMessage: Sendable, Hashable {
    /// The partition.
    package let shard: Int
    /// The record's bytes.
    package let bytes: [UInt8]

    /// Makes a message.
    package init(shard: Int, bytes: [UInt8]) {
        self.shard = shard
        self.bytes = bytes
    }
}
