import Elements

/// A file of lines, plain or gzip (told by its first bytes), whose records have byte offsets to resume from.
public struct FileSource: Sendable {
    private let path: String
    private let source: String
    private let maximumBytes: Int
    private let batchBytes: Int

    /// Names a file; it is opened when its records are asked for.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - source: The source node's id in the topology.
    ///   - maximumBytes: The largest line held, in bytes; of a larger one only the first 64 KiB reach the record.
    ///   - batchBytes: The weight at which a batch is closed, in bytes.
    public init(path: String, source: String, maximumBytes: Int = 16 << 20, batchBytes: Int = 1 << 20) {
        self.path = path
        self.source = source
        self.maximumBytes = maximumBytes
        self.batchBytes = batchBytes
    }

    /// The records from an offset on: 0, or the `next` of a record.
    ///
    /// Offsets count bytes of the uncompressed text; a gzip file is decompressed from its start. Records carry the time of
    /// the file's last change. The sequence throws `CorpusError` after giving the records before the fault.
    public func records(from offset: Int64 = 0) -> RecordBatches {
        RecordBatches { () throws(CorpusError) in try reader(at: offset) }
    }

    /// SipHash-64 under the key (0, 0) of the record whose first byte is at an offset, to compare with a fence.
    ///
    /// `nil` if no record starts there. The call blocks, for a gzip file until all before is decompressed.
    ///
    /// - Throws: `CorpusError` if the file cannot be read.
    public func hash(ofRecordAt offset: Int64) throws(CorpusError) -> UInt64? {
        do throws(CorpusError) {
            var reader = try reader(at: offset)
            guard let record = try reader.nextBatch()?.first, record.position.offset == offset else { return nil }
            return record.valueHash
        } catch {
            switch error {
            case .offsetBeyondEnd, .offsetInsideLine: return nil
            default: throw error
            }
        }
    }

    /// The first offset, not before the one given, from which records can be read: a line's start, or the text's end.
    ///
    /// The call blocks, for a gzip file until all before is decompressed.
    ///
    /// - Throws: `CorpusError` if the file cannot be read.
    public func resumption(notBefore offset: Int64) throws(CorpusError) -> Int64 {
        guard offset > 0 else { return 0 }
        let input = try DetectedInput.open(try FileInput(path: path), path: path)
        var place = try input.skip(offset - 1)
        guard place == offset - 1 else { return place }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try input.read(into: buffer)
            guard count > 0 else { return place }
            if let end = buffer[..<count].firstIndex(of: UInt8(ascii: "\n")) { return place + Int64(end) + 1 }
            place += Int64(count)
        }
    }

    /// The bytes of the uncompressed text, for estimates; `nil` if the file does not tell.
    ///
    /// The call blocks.
    /// A gzip file tells them at its end (RFC 1952, ISIZE), but of several members only those of the last, and only below 4 GiB.
    public var length: Int64? {
        guard let file = try? FileInput(path: path), let size = file.size,
            let isCompressed = try? DetectedInput.isCompressed(file)
        else { return nil }
        guard isCompressed else { return size }
        guard let end = try? FileInput(path: path), let skipped = try? end.skip(size - 4), skipped == size - 4,
            let bytes = try? PrefixedInput.peeking(4, at: end).1, bytes.count == 4
        else { return nil }
        let length = bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        // Compressed text is smaller than the text, but for the form's own bytes.
        return length + 64 >= size ? length : nil
    }

    private func reader(at offset: Int64) throws(CorpusError) -> RecordReader {
        let file = try FileInput(path: path)
        let modified = file.modified ?? 0
        let input = try DetectedInput.open(file, path: path)
        try start(input, at: offset)
        let settings = RecordReader.Settings(
            source: source, topic: path, timestamp: modified, maximumBytes: maximumBytes, batchBytes: batchBytes)
        return RecordReader(input, start: offset, settings: settings)
    }

    /// Moves to a line's first byte, and makes sure that it is one.
    private func start(_ input: any ByteInput, at offset: Int64) throws(CorpusError) {
        guard offset > 0 else {
            guard offset == 0 else { throw .offsetInsideLine(path: path, offset: offset) }
            return
        }
        let skipped = try input.skip(offset - 1)
        let before = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { before.deallocate() }
        guard skipped == offset - 1, try input.read(into: before) == 1 else {
            throw .offsetBeyondEnd(path: path, offset: offset, size: skipped)
        }
        guard before[0] != UInt8(ascii: "\n") else { return }
        // A last line without a line break ends at the end of the file, so nothing may follow.
        guard try input.read(into: before) == 0 else { throw .offsetInsideLine(path: path, offset: offset) }
    }
}
