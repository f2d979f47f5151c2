import Corpus
import Dataflow
import Elements
import Interchange
import Synchronization

/// The rows of tokens of a delphi cache as records, resumable by row.
final class DelphiRecordSource: RecordSource {
    /// Rows read together.
    static let rowsAtOnce = 16

    private let node: String
    private let cache: DelphiCache
    private let acceptsGap: Bool
    private let onGap: @Sendable () throws -> Void
    private let next = Mutex(0)

    init(node: String, cache: DelphiCache, acceptsGap: Bool, onGap: @escaping @Sendable () throws -> Void) {
        self.node = node
        self.cache = cache
        self.acceptsGap = acceptsGap
        self.onGap = onGap
    }

    func start(behind fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        guard let fence = fences.first(where: { $0.source == node && $0.topic == cache.folder }) else { return fences }
        next.withLock { $0 = Int(clamping: max(0, fence.next)) }
        guard let last = fence.last, hash(ofRow: last.offset) != last.hash else { return fences }
        guard acceptsGap else {
            throw DaemonError(
                .fence,
                """
                \(cache.folder): row \(last.offset) is not the one that the last checkpoint counted: the cache was made again. \
                Start with --accept-gap to go on from row \(fence.next) all the same; the evidence is then marked inexact.
                """)
        }
        try onGap()
        let accepted = Fence(
            source: node, topic: fence.topic, partition: fence.partition, next: fence.next, last: nil)
        return fences.filter { $0 != fence } + [accepted]
    }

    private func hash(ofRow offset: Int64) -> UInt64? {
        Int(exactly: offset).flatMap { try? record($0).valueHash }
    }

    var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        Rows(start: next.withLock { $0 }, count: cache.rows) { [self] rows in
            SourceBatch(records: try rows.map { try record($0) }, positions: [:])
        }
    }

    /// A row as packed token ids; rows have no time of their own.
    private func record(_ row: Int) throws -> RawRecord {
        var value: [UInt8] = []
        for token in try cache.tokens(ofRow: row) {
            withUnsafeBytes(of: token.littleEndian) { value.append(contentsOf: $0) }
        }
        return RawRecord(
            position: RecordPosition(source: node, topic: cache.folder, partition: 0, offset: Int64(row)), timestamp: 0,
            key: nil, value: value)
    }

    func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    func checkpointed(_ fences: [Fence]) async {}
    func close() async {}
}

/// Batches of rows in their order, each read when it is asked for.
private struct Rows: AsyncSequence, Sendable {
    let start: Int
    let count: Int
    let read: @Sendable (Range<Int>) throws -> SourceBatch

    struct AsyncIterator: AsyncIteratorProtocol {
        var next: Int
        let rows: Rows

        mutating func next() async throws -> SourceBatch? {
            guard next < rows.count else { return nil }
            let range = next..<Swift.min(next + DelphiRecordSource.rowsAtOnce, rows.count)
            next = range.upperBound
            return try rows.read(range)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(next: start, rows: self) }
}
