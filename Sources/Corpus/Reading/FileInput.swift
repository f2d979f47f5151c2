import Glibc

/// The bytes of an open file, pipe or terminal.
final class FileInput: ByteInput {
    private let path: String
    private let descriptor: Int32
    private let isOwned: Bool
    /// The time of the last change, in milliseconds since 1970; `nil` if the system does not say.
    let modified: Int64?

    /// The bytes that the file has now; `nil` of what is no regular file.
    var size: Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// Opens a file.
    init(path: String) throws(CorpusError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal(of: path, "open") }
        self.path = path
        self.descriptor = descriptor
        isOwned = true
        modified = Self.modified(descriptor)
    }

    /// Reads from a descriptor that is already open, and leaves it open.
    init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        isOwned = false
        modified = nil
    }

    deinit { if isOwned { close(descriptor) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Self.refusal(of: path, "read") }
        }
    }

    /// Seeks if the file allows it; a pipe is read.
    func skip(_ count: Int64) throws(CorpusError) -> Int64 {
        let here = lseek(descriptor, 0, SEEK_CUR)
        let end = lseek(descriptor, 0, SEEK_END)
        guard here >= 0, end >= here else { return try skipByReading(count) }
        let target = min(Int64(here) + count, Int64(end))
        guard lseek(descriptor, off_t(target), SEEK_SET) >= 0 else {
            throw Self.refusal(of: path, "go to byte \(target)")
        }
        return target - Int64(here)
    }

    private static func modified(_ descriptor: Int32) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    /// The error of the call that has just failed.
    private static func refusal(of path: String, _ operation: String) -> CorpusError {
        let code = errno
        switch code {
        case EMFILE:
            return .refused(path: path, operation: operation, reason: "too many open files; raise `ulimit -n`")
        case ENFILE, ENOMEM, EIO:
            return .refused(path: path, operation: operation, reason: String(cString: strerror(code)))
        default: return .unreadable(path: path, operation: operation, reason: String(cString: strerror(code)))
        }
    }
}
