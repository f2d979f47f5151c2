import Corpus
import Dataflow
package import Elements
import Foundation
package import Observability
import Records
package import Running
import Synchronization

/// Binary records of a file, or of a folder's files one after the other, resumable by byte offset.
package final class RecordFileSource: RecordSource {
    /// What the names of a folder's files end with.
    package static let suffix = ".records"

    /// The file that is being read, on the thread that reads it.
    private final class OpenFile {
        private var open: (path: String, file: RecordFile)?

        func file(_ path: String) throws(CorpusError) -> RecordFile {
            if let open, open.path == path { return open.file }
            let file = try RecordFile(path: path)
            open = (path, file)
            return file
        }
    }

    private let node: String
    private let path: String
    private let maximumBytes: Int
    private let check: FenceCheck
    private let disk: ComputePool<OpenFile>
    private let places = Mutex<[(path: String, offset: Int64)]>([])
    private let meter = ReadMeter()

    /// Reads a file or a folder.
    ///
    /// - Parameter maximumBytes: The largest record that is held whole.
    package init(
        node: String, path: String, maximumBytes: Int, acceptsGap: Bool,
        onGap: @escaping @Sendable (_ what: String) throws -> Void
    ) {
        self.node = node
        self.path = path
        self.maximumBytes = maximumBytes
        check = FenceCheck(node: node, acceptsGap: acceptsGap, onGap: onGap)
        disk = ComputePool(name: node, threads: 1) { OpenFile() }
    }

    /// The files that a path stands for: itself, or those of a folder whose names end in `.records`, by name.
    ///
    /// - Throws: What the system says of a folder that cannot be listed.
    package static func files(at path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }.sorted()
            .map { "\(path)/\($0)" }
    }

    package func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? {
        let path = path
        let files = try await disk.run { _ in try Self.files(at: path) }
        let kept = try await check.passed(fences, by: FileContents(files: Set(files), source: self))
        let offsets = kept.filter { $0.source == node }.reduce(into: [:]) { $0[$1.topic] = $1.next }
        places.withLock { $0 = files.map { ($0, offsets[$0] ?? 0) } }
        // One at a time: a folder may hold more files than a process may have open.
        let whole = try await disk.run { open in
            var whole: Int64 = 0
            for file in files { whole += try open.file(file).size }
            return whole
        }
        meter.begin(at: files.reduce(0) { $0 + (offsets[$1] ?? 0) }, of: whole)
        return kept
    }

    package var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
        Batches(places: places.withLock { $0 }) { [self] offset, path in
            let record = try await record(at: offset, in: path)
            if let record { meter.advance(by: record.next - offset) }
            return record
        }
    }

    package var extent: SourceExtent? { meter.extent }

    private func record(at offset: Int64, in path: String) async throws -> RawRecord? {
        try await disk.run { [node, maximumBytes] in
            try $0.file(path).record(at: offset, source: node, holding: maximumBytes)
        }
    }

    package func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { false }
    package func checkpointed(_ fences: [Fence]) async {}
    package func close() async {}

    /// What the files hold now.
    private struct FileContents: FencedContents {
        let files: Set<String>
        let source: RecordFileSource

        var words: SourceWords { .records }

        func reads(_ topic: String) -> Bool { files.contains(topic) }

        func held(in partition: PartitionKey) -> HeldOffsets? { .unknown }

        func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64? {
            try await source.record(at: offset, in: partition.topic)?.valueHash
        }

        // A file that was changed may have no record at the old place.
        func resumption(after fence: Fence) async throws -> Int64 {
            try await source.disk.run { try $0.file(fence.topic).resumption(notBefore: fence.next) }
        }
    }

    /// The records of files, each as a batch, read when they are asked for.
    private struct Batches: AsyncSequence, Sendable {
        let places: [(path: String, offset: Int64)]
        let read: @Sendable (_ offset: Int64, _ path: String) async throws -> RawRecord?

        struct AsyncIterator: AsyncIteratorProtocol {
            let read: @Sendable (_ offset: Int64, _ path: String) async throws -> RawRecord?
            var places: ArraySlice<(path: String, offset: Int64)>

            mutating func next() async throws -> SourceBatch? {
                while let place = places.first {
                    if let record = try await read(place.offset, place.path) {
                        places[places.startIndex].offset = record.next
                        return SourceBatch(records: [record], positions: [:])
                    }
                    places.removeFirst()
                }
                return nil
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: read, places: places[...]) }
    }
}
