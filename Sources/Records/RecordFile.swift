public import Corpus
import Elements
import Glibc

/// A file of records, one after the other, whose byte offsets can be resumed from; its calls block.
///
/// What is damaged or was never finished is given as a record too, which ends where the next one begins.
public final class RecordFile {
    /// Of what cannot be used, so many bytes are held.
    private static let heldOfFaulty = 64 << 10
    /// The bytes that are searched at once.
    private static let searched = 256 << 10

    private let path: String
    private let descriptor: Int32
    /// The bytes that the file had when it was opened.
    public let size: Int64
    /// The time of its last change, in milliseconds since 1970.
    public let modified: Int64

    /// Opens a file.
    ///
    /// - Throws: `CorpusError` if it cannot be opened.
    public init(path: String) throws(CorpusError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal(of: path, "open") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            defer { close(descriptor) }
            throw Self.refusal(of: path, "look at")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    deinit { close(descriptor) }

    /// The record that begins at an offset; `nil` at the end of the file.
    ///
    /// - Parameters:
    ///   - source: The source node's id.
    ///   - most: The largest record that is held whole, in bytes; of a larger one the first 64 KiB are.
    /// - Throws: `CorpusError` if the file cannot be read.
    public func record(at offset: Int64, source: String, holding most: Int) throws(CorpusError) -> RawRecord? {
        guard offset >= 0, offset < size else { return nil }
        let head = try read(RecordPrelude.byteCount, at: offset)
        let next: Int64
        if let prelude = try? RecordPrelude(head) {
            let end = offset + Int64(prelude.size)
            // What follows another record, or the end, is whole; else a next one may have been begun within it.
            var isFollowed = end == size
            if end < size { isFollowed = try isStart(end) }
            let bound = min(end, size)
            next = isFollowed ? end : try start(from: offset + Int64(RecordPrelude.byteCount), before: bound) ?? bound
        } else {
            next = try start(from: offset + 1, before: size) ?? size
        }
        let count = Int(next - offset)
        let held = count <= most ? count : min(count, Self.heldOfFaulty)
        return RawRecord(
            position: RecordPosition(source: source, topic: path, partition: 0, offset: offset), next: next,
            timestamp: modified, key: nil, value: try read(held, at: offset))
    }

    /// The first offset not before the one given at which a record begins; the end of the file if none does.
    ///
    /// - Throws: `CorpusError` if the file cannot be read.
    public func resumption(notBefore offset: Int64) throws(CorpusError) -> Int64 {
        try start(from: max(0, offset), before: size) ?? size
    }

    private func isStart(_ offset: Int64) throws(CorpusError) -> Bool {
        (try? RecordPrelude(try read(RecordPrelude.byteCount, at: offset))) != nil
    }

    /// The first place in a range at which a record's first bytes stand, by their checksum.
    private func start(from first: Int64, before end: Int64) throws(CorpusError) -> Int64? {
        var place = first
        while place < end {
            let bytes = try read(Self.searched, at: place)
            guard bytes.count >= RecordPrelude.magic.count else { return nil }
            var index = 0
            while let found = bytes[index...].firstIndex(of: RecordPrelude.magic[0]) {
                let offset = place + Int64(found)
                guard offset < end else { return nil }
                let isLikely = bytes[found...].starts(with: RecordPrelude.magic)
                if isLikely, try isStart(offset) { return offset }
                index = found + 1
            }
            // The letters may stand across the border of what was read.
            place += Int64(bytes.count - RecordPrelude.magic.count + 1)
        }
        return nil
    }

    /// So many bytes from an offset on; fewer only at the end of the file.
    private func read(_ count: Int, at offset: Int64) throws(CorpusError) -> [UInt8] {
        let count = Int(min(Int64(count), max(0, size - offset)))
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let part = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized..<count])
                let got = pread(descriptor, part.baseAddress, part.count, off_t(offset) + off_t(initialized))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                // A file that was cut while it is read ends early.
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard failure == 0 else {
            throw .refused(path: path, operation: "read", reason: String(cString: strerror(failure)))
        }
        return bytes
    }

    private static func refusal(of path: String, _ operation: String) -> CorpusError {
        let code = errno
        let reason = code == EMFILE ? "too many open files; raise `ulimit -n`" : String(cString: strerror(code))
        return [EMFILE, ENFILE, ENOMEM, EIO].contains(code)
            ? .refused(path: path, operation: operation, reason: reason)
            : .unreadable(path: path, operation: operation, reason: reason)
    }
}
