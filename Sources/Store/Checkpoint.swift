public import Elements

/// The contents of the last checkpoint.
public struct StoredCheckpoint: Sendable, Hashable {
    /// Its epoch.
    public let epoch: UInt64
    /// How far each partition had been read, by source, topic and partition.
    public let fences: [Fence]
    /// When it was committed, in milliseconds since 1970.
    public let committed: Int64

    package init(epoch: UInt64, fences: [Fence], committed: Int64) {
        self.epoch = epoch
        self.fences = fences
        self.committed = committed
    }
}

/// The state of one node, or what changed in it up to one checkpoint.
public struct StoredSegment: Sendable, Hashable {
    /// The checkpoint's epoch.
    public let epoch: UInt64
    /// Whether it holds everything up to its epoch, and not only what changed.
    public let isBase: Bool
    /// Its bytes, as they were given.
    public let bytes: [UInt8]

    package init(epoch: UInt64, isBase: Bool, bytes: [UInt8]) {
        self.epoch = epoch
        self.isBase = isBase
        self.bytes = bytes
    }
}

/// The contents of a checkpoint, stored in one transaction.
public struct CheckpointCommit: Sendable {
    /// The barrier's epoch; above the last one's.
    public let epoch: UInt64
    /// The changes in the nodes that keep state; a node may give several segments, one per shard.
    public let segments: [Segment]
    /// How far partitions have been read; a partition that is not named keeps its fence.
    public let fences: [Fence]
    /// Records that were refused; one whose position is there already is ignored.
    public let deadLetters: [DeadLetter]
    /// By id of the node that refused a record: the sinks for its dead letters.
    public let deadLetterTargets: [String: [OutboxTarget]]
    /// New work; jobs whose id is there already are ignored.
    public let jobs: [PlannedJob]
    /// Further messages; those whose `dedupe` is there already are ignored.
    public let outbox: [OutboxMessage]

    /// The changes in one node.
    public struct Segment: Sendable, Hashable {
        /// The node's id.
        public let node: String
        /// The changes, in the node's own encoding; none if they were written ahead.
        public let bytes: [UInt8]
        /// The row of a segment that was written ahead.
        let row: Int64?

        /// Makes a segment.
        public init(node: String, bytes: [UInt8]) {
            self.node = node
            self.bytes = bytes
            row = nil
        }

        init(node: String, row: Int64) {
            self.node = node
            bytes = []
            self.row = row
        }
    }

    /// Makes a commit.
    public init(
        epoch: UInt64, segments: [Segment] = [], fences: [Fence] = [], deadLetters: [DeadLetter] = [],
        deadLetterTargets: [String: [OutboxTarget]] = [:], jobs: [PlannedJob] = [], outbox: [OutboxMessage] = []
    ) {
        self.epoch = epoch
        self.segments = segments
        self.fences = fences
        self.deadLetters = deadLetters
        self.deadLetterTargets = deadLetterTargets
        self.jobs = jobs
        self.outbox = outbox
    }
}
