import Corpus
import Dataflow
import Elements
import Synchronization

/// Records of a file of lines, resumable by byte offset.
final class FileRecordSource: RecordSource {
    private let node: String
    private let path: String
    private let file: FileSource
    private let acceptsGap: Bool
    private let onGap: @Sendable () throws -> Void
    private let disk: ComputePool<Void>
    private let offset = Mutex<Int64>(0)

    init(
        node: String, path: String, maximumBytes: Int, acceptsGap: Bool, onGap: @escaping @Sendable () throws -> Void,
        disk: ComputePool<Void>
    ) {
        self.node = node
        self.path = path
        self.acceptsGap = acceptsGap
        self.onGap = onGap
        self.disk = disk
        file = FileSource(path: path, source: node, maximumBytes: maximumBytes, batchBytes: 4 << 10)
    }

    func start(behind fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        guard let fence = fences.first(where: { $0.source == node && $0.topic == path }) else { return fences }
        offset.withLock { $0 = fence.next }
        if let last = fence.last {
            let hash = try await disk.run { [file] _ in try file.hash(ofRecordAt: last.offset) }
            if hash != last.hash, acceptsGap {
                try onGap()
                let accepted = Fence(
                    source: node, topic: path, partition: fence.partition, next: fence.next, last: nil)
                return fences.filter { $0 != fence } + [accepted]
            }
            guard hash == last.hash else {
                throw DaemonError(
                    .fence,
                    """
                    \(path): the line at byte \(last.offset) is not the one that the last checkpoint counted: the file \
                    was changed. Start with --accept-gap to go on from byte \(fence.next) all the same; the evidence is \
                    then marked inexact.
                    """)
            }
        }
        return fences
    }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        LineBatches(records: file.records(from: offset.withLock { $0 }))
    }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    func checkpointed(_ fences: [Fence]) async {}
    func close() async {}
}

/// Records of standard input, at most once.
final class StdinRecordSource: RecordSource {
    private let stdin: StdinSource

    init(node: String, timestamp: Int64, maximumBytes: Int) {
        stdin = StdinSource(
            source: node, timestamp: timestamp, maximumBytes: maximumBytes, batchBytes: 4 << 10)
    }

    // What was read before a restart cannot be read again, so there is no fence to go behind.
    func start(behind fences: [Fence], until stop: StopSignal) async throws -> [Fence]? { fences }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable { LineBatches(records: stdin.records()) }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    func checkpointed(_ fences: [Fence]) async {}
    func close() async {}
}

/// Lines as a record source's batches.
private struct LineBatches: AsyncSequence, Sendable {
    let records: RecordBatches

    struct AsyncIterator: AsyncIteratorProtocol {
        var upstream: RecordBatches.Iterator

        mutating func next() async throws -> SourceBatch? {
            try await upstream.next().map { SourceBatch(records: $0, positions: [:]) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(upstream: records.makeAsyncIterator()) }
}
