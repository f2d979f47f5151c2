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

    /// Shows the base and the segments of a node one after the other, in the same order.
    func forEachSegment(of node: String, _ show: (StoredSegment) throws -> Void) throws

    /// Writes a segment before the checkpoint that it belongs to, which `contents` hands over in pieces; `nil` if it hands over
    /// none.
    ///
    /// It is kept with the checkpoint that names it, and gone if none does.
    func write(
        segmentOf node: String, epoch: UInt64, contents: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws -> CheckpointCommit.Segment?

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

extension StateKeeper {
    package func write(
        segmentOf node: String, epoch: UInt64, contents: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws -> CheckpointCommit.Segment? {
        var bytes: [UInt8] = []
        try contents { bytes += $0 }
        return bytes.isEmpty ? nil : CheckpointCommit.Segment(node: node, bytes: bytes)
    }
}

extension Store: StateKeeper {
    package var place: String { connection.path }

    package func keep(_ checkpoint: CheckpointCommit) throws { try commit(checkpoint) }
}
