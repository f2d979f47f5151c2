import Glibc

/// A file mapped into memory for reading, unmapped when the last reference goes.
///
/// Pages are read on first use and shared with other processes. The file must not be made shorter while it is mapped: touching
/// a page that is gone ends the process with SIGBUS, which no check here can prevent. Replacing a file by renaming another over
/// it is safe, since the map keeps the old one.
package final class MappedFile: @unchecked Sendable {
    // Sound: the pages are mapped read-only and both fields are constant, so that nothing here can be written by two threads.
    private let start: UnsafeRawPointer
    /// The size of the file in bytes.
    package let count: Int
    /// The path of the file.
    package let path: String

    /// Maps a file.
    ///
    /// Throws if it cannot be opened, is empty or is no regular file.
    package init(path: String) throws(WeightFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "opening", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "reading its status", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WeightFileError(
                .file, file: path, field: "file", found: "no regular file", expected: "a regular file")
        }
        guard status.st_size > 0 else {
            throw WeightFileError(.truncated, file: path, field: "file", found: "0 bytes", expected: "a weight file")
        }
        count = Int(status.st_size)
        self.path = path
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw Self.failure(path, "mapping", errno)
        }
        start = UnsafeRawPointer(address)
    }

    /// Makes pages of its own for a file's uncompressed bytes, fills them, and keeps them from being written again.
    ///
    /// Throws what `fill` throws, and if there is no memory.
    package init(
        unpacked count: Int, of path: String,
        fill: (UnsafeMutableRawBufferPointer) throws(WeightFileError) -> Void
    ) throws(WeightFileError) {
        let pages = mmap(nil, max(count, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages, pages != MAP_FAILED else { throw Self.failure(path, "getting \(count) bytes for", errno) }
        // From here on all fields are set, so that on a fault the pages are given back.
        start = UnsafeRawPointer(pages)
        self.count = max(count, 1)
        self.path = path
        try fill(UnsafeMutableRawBufferPointer(start: pages, count: count))
        guard mprotect(pages, self.count, PROT_READ) == 0 else { throw Self.failure(path, "protecting", errno) }
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: start), count)
    }

    /// Lends the bytes of the file; the pointer is valid during the call only.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    static func failure(_ path: String, _ action: String, _ code: Int32) -> WeightFileError {
        let refusal = SystemRefusal(code)
        return WeightFileError(
            refusal.isOfTheMachine ? .machine : .file, file: path, field: "file",
            found: "\(refusal.reason), on \(action) it", expected: "a readable weight file")
    }
}
