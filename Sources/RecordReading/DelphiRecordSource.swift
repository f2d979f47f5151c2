import Corpus
import Dataflow
package import Elements
package import Interchange
package import Observability
package import Running
import Synchronization

/// The rows of tokens of a delphi cache as records, resumable by row.
package final class DelphiRecordSource: RecordSource {
    /// Rows read together.
    package static let rowsAtOnce = 16

    private let node: String
    private let cache: DelphiCache
    private let check: FenceCheck
    private let next = Mutex(0)
    private let meter = ReadMeter()

    package init(
        node: String, cache: DelphiCache, acceptsGap: Bool, onGap: @escaping @Sendable (_ what: String) throws -> Void
    ) {
        self.node = node
        self.cache = cache
        check = FenceCheck(node: node, acceptsGap: acceptsGap, onGap: onGap)
    }

    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let kept = try await check.passed(fences, by: self)
        if let fence = kept.first(where: { $0.source == node && $0.topic == cache.folder }) {
            next.withLock { $0 = Int(clamping: max(0, fence.next)) }
        }
        meter.begin(at: Int64(next.withLock { $0 }), of: Int64(cache.rows))
        return kept
    }

    package var extent: SourceExtent? { meter.extent }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        Rows(start: next.withLock { $0 }, count: cache.rows) { [self] rows in
            meter.reach(Int64(rows.upperBound))
            return SourceBatch(records: try rows.map { try record($0) }, positions: [:])
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

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    package func checkpointed(_ fences: [Fence]) async {}
    package func close() async {}
}

extension DelphiRecordSource: FencedContents {
    package var words: SourceWords { .cache }

    package func reads(_ topic: String) -> Bool { topic == cache.folder }

    package func held(in partition: PartitionKey) -> HeldOffsets? { .unknown }

    package func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
        // A row that is not there any more shows as another one.
        Int(exactly: offset).flatMap { try? record($0).valueHash }
    }
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
