import Corpus
import Dataflow
import Elements
import Running
import Synchronization

@testable import RecordReading

/// A source that gives what the test hands it.
final class ScriptedSource: RecordSource {
    private struct Log {
        var isCaughtUp = false
        /// Where what it was handed ends.
        var ends: [PartitionKey: Int64] = [:]
        var startedBehind: [Fence]?
        var asked: [[PartitionKey: Int64]] = []
        var isClosed = false
    }

    private let log = Mutex(Log())
    private let channel = BoundedChannel<SourceBatch>(capacity: .max, weigh: \.byteCount)

    /// The fences it was started behind; `nil` before that.
    var startedBehind: [Fence]? { log.withLock { $0.startedBehind } }
    /// The positions for which it was asked whether it was caught up.
    var asked: [[PartitionKey: Int64]] { log.withLock { $0.asked } }
    var isClosed: Bool { log.withLock { $0.isClosed } }

    func give(_ records: [RawRecord], positions: [PartitionKey: Int64] = [:]) async throws {
        log.withLock { log in
            for record in records { log.ends[PartitionKey(of: record)] = record.next }
        }
        try await channel.send(SourceBatch(records: records, positions: positions))
    }

    /// Ends, with an error where one is given.
    func end(throwing error: (any Error)? = nil) { channel.finish(throwing: error) }

    /// Says from now on that nothing is left to read after what it was handed.
    func catchUp() { log.withLock { $0.isCaughtUp = true } }

    func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        log.withLock { $0.startedBehind = fences }
        return fences
    }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable { channel }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool {
        log.withLock { log in
            log.asked.append(next)
            return log.isCaughtUp && log.ends.allSatisfy { next[$0.key, default: .min] >= $0.value }
        }
    }

    func checkpointed(_ fences: [Fence]) async {}

    func close() async { log.withLock { $0.isClosed = true } }
}
