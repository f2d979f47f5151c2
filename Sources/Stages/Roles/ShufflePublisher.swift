import Dispatch
package import Elements
package import Shuffle
package import Store
import Synchronization

/// The state of a process that reads the corpus and keeps nothing: a checkpoint is kept once all of it has been told to the
/// owners of shares, and only then may its offsets be committed.
///
/// What such a process loses with its memory is read again from the committed offsets, which stand at starts of blocks.
package final class ShufflePublisher: StateKeeper {
    private struct State {
        var ledger: BlockLedger
        var epoch: UInt64 = 0
        var notes: [String: String] = [:]
    }

    /// What all processes agree on.
    package let identity: ShuffleIdentity
    /// A number of this process, which tells its records from those of others.
    package let writer: UInt64
    private let transport: any ShuffleTransport
    private let state: Mutex<State>

    /// Makes a publisher that reads no partition yet.
    package init(_ identity: ShuffleIdentity, writer: UInt64, transport: any ShuffleTransport) {
        self.identity = identity
        self.writer = writer
        self.transport = transport
        state = Mutex(State(ledger: BlockLedger(size: identity.block)))
    }

    package let place = "the shuffle topic"

    /// A partition is read from an offset on.
    ///
    /// - Parameters:
    ///   - isCommitted: Whether the group had committed that offset.
    ///   - reading: Which reading of the partition it is.
    package func begin(_ partition: CorpusPartition, at offset: Int64, isCommitted: Bool, reading: Int = 0) {
        state.withLock { $0.ledger.begin(partition, at: offset, isFirst: !isCommitted, reading: reading) }
    }

    /// A partition is read by others from now on.
    package func end(_ partition: CorpusPartition) { state.withLock { $0.ledger.end(partition) } }

    /// Whether a block is wholly told of.
    package func isOver(_ block: CorpusBlock) -> Bool { state.withLock { $0.ledger.isOver(block) } }

    /// Where the partitions of some fences may be committed.
    package func committable(_ fences: [Fence]) -> [Fence] { state.withLock { $0.ledger.committable(fences) } }

    package func keep(_ checkpoint: CheckpointCommit) throws {
        let last = state.withLock { $0.epoch }
        guard checkpoint.epoch > last else {
            throw StoreError.staleEpoch(given: checkpoint.epoch, stored: last)
        }
        let told = try checkpoint.segments.flatMap { try ShuffleFrames.messages(in: $0.bytes) }
        let closing = try marks(at: checkpoint.fences) + letters(checkpoint.deadLetters)
        if !told.isEmpty || !closing.isEmpty {
            try Self.wait { [transport] in
                try await transport.waitForOwners()
                try await transport.send(told)
                // A mark says that all before it was told, so it is sent once that is written for good.
                try await transport.send(closing)
            }
        }
        state.withLock { state in
            state.ledger.acknowledge(checkpoint.fences)
            state.epoch = checkpoint.epoch
        }
    }

    private func marks(at fences: [Fence]) throws -> [ShuffleMessage] {
        let marks = state.withLock { $0.ledger.marks(at: fences) }
        guard !marks.isEmpty else { return [] }
        return try identity.reservoirs.keys.sorted().flatMap { reservoir in
            try (0..<identity.shards).map { try message(to: $0, reservoir, .marks(marks)) }
        }
    }

    /// A record that cannot be used is told to one owner, who keeps and publishes it as it would one of its own.
    private func letters(_ letters: [DeadLetter]) throws -> [ShuffleMessage] {
        try letters.map { letter in
            let shard = Int(letter.position.offset.magnitude % UInt64(identity.shards))
            return try message(to: shard, "", .letter(letter))
        }
    }

    private func message(
        to shard: Int, _ reservoir: String, _ body: ShuffleRecord.Body
    ) throws -> ShuffleMessage {
        let record = ShuffleRecord(shard: shard, reservoir: reservoir, writer: writer, body: body)
        return ShuffleMessage(shard: shard, bytes: try record.bytes(of: identity))
    }

    /// Waits for something, on a thread that may wait.
    private static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Outcome()
        Task.detached {
            do {
                try await body()
                outcome.result.withLock { $0 = .success(()) }
            } catch {
                outcome.result.withLock { $0 = .failure(error) }
            }
            outcome.isThere.signal()
        }
        outcome.isThere.wait()
        try outcome.result.withLock { $0 }?.get()
    }

    private final class Outcome: Sendable {
        let isThere = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Void, any Error>?>(nil)
    }
}

// Nothing is read back: what was told stands in the topic.
extension ShufflePublisher {
    package func latestCheckpoint() throws -> StoredCheckpoint? { nil }

    package func segments(of node: String) throws -> [StoredSegment] { [] }

    package func forEachSegment(of node: String, _ show: (StoredSegment) throws -> Void) throws {}

    package func fold(
        node: String, upTo epoch: UInt64, base: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws {}

    package func meta(_ key: String) throws -> String? { state.withLock { $0.notes[key] } }

    package func setMeta(_ key: String, _ value: String?) throws { state.withLock { $0.notes[key] = value } }

    package func close() throws {}
}
