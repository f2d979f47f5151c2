import Elements

/// Reads a text of lines as batches of records, with blocking calls.
struct RecordReader {
    private let input: any ByteInput
    private let buffer: ReadBuffer
    private let settings: Settings
    private var splitter: LineSplitter
    private var failure: CorpusError?
    private var isAtEnd = false

    /// The properties shared by every record of the text, and the bounds of a batch.
    struct Settings: Sendable {
        let source: String
        let topic: String
        let timestamp: Int64
        /// The largest line that is held, in bytes.
        let maximumBytes: Int
        /// The weight at which a batch is closed, in bytes.
        let batchBytes: Int
    }

    /// Reads from the input's position, which has the offset `start` in the whole text.
    init(_ input: any ByteInput, start: Int64, settings: Settings) {
        self.input = input
        self.settings = settings
        // A read is the least that a batch holds.
        buffer = ReadBuffer(byteCount: min(262_144, max(4096, settings.batchBytes)))
        splitter = LineSplitter(start: start, maximumBytes: settings.maximumBytes)
    }

    /// The next records; `nil` at the end.
    ///
    /// A batch is closed when it is heavy enough or when no more input is at hand.
    ///
    /// Records before a fault are given first; the fault is thrown by the call after.
    mutating func nextBatch() throws(CorpusError) -> [RawRecord]? {
        var lines: [Line] = []
        var weight = 0
        func add(_ line: Line) {
            lines.append(line)
            weight += line.bytes.count + 128
        }
        while failure == nil, !isAtEnd {
            do throws(CorpusError) {
                let count = try input.read(into: buffer.bytes)
                splitter.split(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]), emit: add)
                if count == 0 {
                    isAtEnd = true
                    splitter.finish().map(add)
                }
                if !lines.isEmpty, weight >= settings.batchBytes || count < buffer.bytes.count { break }
            } catch {
                failure = error
            }
        }
        if !lines.isEmpty { return lines.map(record) }
        if let failure { throw failure }
        return nil
    }

    private func record(_ line: Line) -> RawRecord {
        let position = RecordPosition(
            source: settings.source, topic: settings.topic, partition: 0, offset: line.offset)
        return RawRecord(position: position, timestamp: settings.timestamp, line: line)
    }
}

/// Memory to read into, kept for the life of a reader.
final class ReadBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) { bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16) }

    deinit { bytes.deallocate() }
}
