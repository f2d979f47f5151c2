import Corpus
package import Dataflow
package import Elements
package import Observability
package import Running
import Synchronization

/// Records of a file of lines, resumable by byte offset.
package final class FileRecordSource: RecordSource {
    private let node: String
    private let path: String
    private let file: FileSource
    private let check: FenceCheck
    private let disk: ComputePool<Void>
    private let offset = Mutex<Int64>(0)
    private let meter = ReadMeter()

    package init(
        node: String, path: String, maximumBytes: Int, acceptsGap: Bool,
        onGap: @escaping @Sendable (_ what: String) throws -> Void, disk: ComputePool<Void>
    ) {
        self.node = node
        self.path = path
        check = FenceCheck(node: node, acceptsGap: acceptsGap, onGap: onGap)
        self.disk = disk
        file = FileSource(path: path, source: node, maximumBytes: maximumBytes, batchBytes: 4 << 10)
    }

    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let kept = try await check.passed(fences, by: FileContents(path: path, file: file, disk: disk))
        if let fence = kept.first(where: { $0.source == node && $0.topic == path }) {
            offset.withLock { $0 = fence.next }
        }
        let length = try await disk.run { [file] _ in file.length }
        meter.begin(at: offset.withLock { $0 }, of: length)
        return kept
    }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        LineBatches(records: file.records(from: offset.withLock { $0 }), meter: meter)
    }

    package var extent: SourceExtent? { meter.extent }

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    package func checkpointed(_ fences: [Fence]) async {}
    package func close() async {}
}

/// What a file holds now.
private struct FileContents: FencedContents {
    let path: String
    let file: FileSource
    let disk: ComputePool<Void>

    var words: SourceWords { .file }

    func reads(_ topic: String) -> Bool { topic == path }

    func held(in partition: PartitionKey) -> HeldOffsets? { .unknown }

    func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
        try await disk.run { [file] _ in try file.hash(ofRecordAt: offset) }
    }

    // A file that was cut or changed may have no line at the old place.
    func resumption(after fence: Fence) async throws -> Int64 {
        try await disk.run { [file] _ in try file.resumption(notBefore: fence.next) }
    }
}

/// Records of standard input, at most once.
package final class StdinRecordSource: RecordSource {
    private let stdin: StdinSource

    package init(node: String, timestamp: Int64, maximumBytes: Int) {
        stdin = StdinSource(
            source: node, timestamp: timestamp, maximumBytes: maximumBytes, batchBytes: 4 << 10)
    }

    // What was read before a restart cannot be read again, so there is no fence to go on from.
    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? { fences }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        LineBatches(records: stdin.records(), meter: nil)
    }

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    package func checkpointed(_ fences: [Fence]) async {}
    package func close() async {}
}

/// Lines as a record source's batches.
private struct LineBatches: AsyncSequence, Sendable {
    let records: RecordBatches
    /// Told how far they have been read.
    let meter: ReadMeter?

    struct AsyncIterator: AsyncIteratorProtocol {
        var upstream: RecordBatches.Iterator
        let meter: ReadMeter?

        mutating func next() async throws -> SourceBatch? {
            guard let records = try await upstream.next() else {
                // What comes after the last record is no record.
                meter?.end()
                return nil
            }
            if let last = records.last { meter?.reach(last.next) }
            return SourceBatch(records: records, positions: [:])
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(upstream: records.makeAsyncIterator(), meter: meter)
    }
}
