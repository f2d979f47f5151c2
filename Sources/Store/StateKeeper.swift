/// The state that a run keeps between its starts, apart from jobs and results: checkpoints, segments and notes.
///
/// Every call blocks; a writing call is one transaction, and if it throws, nothing of it is kept.
package protocol StateKeeper: NoteKeeper {
    /// Where the state is kept, for messages.
    var place: String { get }

    /// The last checkpoint; `nil` before the first.
    func latestCheckpoint() throws -> StoredCheckpoint?

    /// The base and the segments of a node, by epoch and in the order in which they were given.
    func segments(of node: String) throws -> [StoredSegment]

    /// Keeps a checkpoint; throws if its epoch is not above the last one's.
    func keep(_ checkpoint: CheckpointCommit) throws

    /// Replaces a node's base and its segments up to an epoch by a new base, which `base` hands over in pieces; throws if the
    /// epoch is above the last one's.
    ///
    /// What was kept stands until the new base is whole.
    func fold(node: String, upTo epoch: UInt64, base: (_ take: ([UInt8]) throws -> Void) throws -> Void) throws

    /// Lets the state go; further calls throw.
    func close() throws
}

extension Store: StateKeeper {
    package var place: String { connection.path }

    package func keep(_ checkpoint: CheckpointCommit) throws { try commit(checkpoint) }
}
