import Elements
import StateFixtures
import Store
import Synchronization

/// State that ends with the test, by the rules of a `Store`.
final class StateInMemory: StateKeeper {
    private struct Contents {
        var checkpoint: StoredCheckpoint?
        var segments: [String: [StoredSegment]] = [:]
        var notes: [String: String] = [:]
        var deadLetters: [DeadLetter] = []
        var failure: (any Error)?
    }

    private let contents = Mutex(Contents())

    let place = "memory"

    /// The records that were refused.
    var deadLetters: [DeadLetter] { contents.withLock { $0.deadLetters } }

    /// Fails every call from now on.
    func fail(with error: any Error) { contents.withLock { $0.failure = error } }

    private func with<Value>(_ body: (inout Contents) throws -> Value) throws -> Value {
        try contents.withLock { contents in
            if let failure = contents.failure { throw failure }
            return try body(&contents)
        }
    }

    func latestCheckpoint() throws -> StoredCheckpoint? { try with { $0.checkpoint } }

    func segments(of node: String) throws -> [StoredSegment] { try with { $0.segments[node] ?? [] } }

    func forEachSegment(of node: String, _ show: (StoredSegment) throws -> Void) throws {
        for segment in try segments(of: node) { try show(segment) }
    }

    func keep(_ checkpoint: CheckpointCommit) throws {
        try with { contents in
            if let last = contents.checkpoint?.epoch, last >= checkpoint.epoch {
                throw StoreError.staleEpoch(given: checkpoint.epoch, stored: last)
            }
            let moved = Set(checkpoint.fences.map(Self.place))
            let fences = (contents.checkpoint?.fences ?? []).filter { !moved.contains(Self.place($0)) }
            for segment in checkpoint.segments {
                contents.segments[segment.node, default: []].append(
                    StoredSegment(epoch: checkpoint.epoch, isBase: false, bytes: segment.bytes))
            }
            contents.deadLetters += checkpoint.deadLetters
            contents.checkpoint = StoredCheckpoint(
                epoch: checkpoint.epoch,
                fences: (fences + checkpoint.fences).sorted {
                    ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition)
                }, committed: Fixture.time)
        }
    }

    func fold(
        node: String, upTo epoch: UInt64, base: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        var bytes: [UInt8] = []
        try base { bytes += $0 }
        try with { contents in
            let last = contents.checkpoint?.epoch
            guard let last, epoch <= last else { throw StoreError.epochNotCommitted(given: epoch, stored: last) }
            let later = (contents.segments[node] ?? []).filter { $0.epoch > epoch }
            contents.segments[node] = [StoredSegment(epoch: epoch, isBase: true, bytes: bytes)] + later
        }
    }

    func meta(_ key: String) throws -> String? { try with { $0.notes[key] } }

    func setMeta(_ key: String, _ value: String?) throws { try with { $0.notes[key] = value } }

    func close() throws { try with { $0.failure = Mishap() } }

    private static func place(_ fence: Fence) -> [String] { [fence.source, fence.topic, "\(fence.partition)"] }
}
