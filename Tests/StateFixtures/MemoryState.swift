import Elements
package import Store
import Synchronization

/// The state of a run that keeps no database: it lasts as long as this value does.
package final class MemoryState: StateKeeper {
    private struct Kept {
        var notes: [String: String] = [:]
        var checkpoint: StoredCheckpoint?
        var segments: [String: [StoredSegment]] = [:]
        var isClosed = false
        var refused: Set<String> = []
    }

    private let kept = Mutex(Kept())

    package init() {}

    package let place = "memory"

    package var isClosed: Bool { kept.withLock { $0.isClosed } }

    package func meta(_ key: String) -> String? { kept.withLock { $0.notes[key] } }

    package func setMeta(_ key: String, _ value: String?) throws {
        try kept.withLock { kept in
            if kept.refused.contains(key) { throw Mishap() }
            kept.notes[key] = value
        }
    }

    /// Keeps no note under a key from now on: whoever writes it is told.
    package func refuse(_ key: String) { kept.withLock { _ = $0.refused.insert(key) } }

    package func latestCheckpoint() -> StoredCheckpoint? { kept.withLock { $0.checkpoint } }

    package func segments(of node: String) -> [StoredSegment] { kept.withLock { $0.segments[node] ?? [] } }

    package func forEachSegment(of node: String, _ show: (StoredSegment) throws -> Void) throws {
        for segment in segments(of: node) { try show(segment) }
    }

    package func keep(_ checkpoint: CheckpointCommit) throws {
        try kept.withLock { kept in
            let last = kept.checkpoint?.epoch ?? 0
            guard checkpoint.epoch > last else { throw StoreError.staleEpoch(given: checkpoint.epoch, stored: last) }
            var fences = Dictionary(uniqueKeysWithValues: (kept.checkpoint?.fences ?? []).map { ($0.position, $0) })
            for fence in checkpoint.fences { fences[fence.position] = fence }
            kept.checkpoint = StoredCheckpoint(
                epoch: checkpoint.epoch, fences: fences.values.sorted { $0.position < $1.position },
                committed: Fixture.time)
            for segment in checkpoint.segments {
                kept.segments[segment.node, default: []].append(
                    StoredSegment(epoch: checkpoint.epoch, isBase: false, bytes: segment.bytes))
            }
        }
    }

    package func fold(
        node: String, upTo epoch: UInt64, base: (_ take: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        var bytes: [UInt8] = []
        try base { bytes += $0 }
        kept.withLock { kept in
            let later = (kept.segments[node] ?? []).filter { $0.epoch > epoch }
            kept.segments[node] = [StoredSegment(epoch: epoch, isBase: true, bytes: bytes)] + later
        }
    }

    package func close() { kept.withLock { $0.isClosed = true } }
}

extension Fence {
    fileprivate var position: String { "\(source)\t\(topic)\t\(partition)" }
}
