import Foundation

/// Writes whole texts to a file descriptor and says why that failed, where `FileHandle` would trap or raise.
package struct DescriptorWriter: Sendable {
    private let descriptor: Int32

    /// A writer to an open descriptor, which stays the caller's.
    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes all bytes; waits if the descriptor takes no more for now.
    ///
    /// SIGPIPE must be ignored, or it ends the process where a reader has gone.
    package func write(_ bytes: some Sequence<UInt8>) throws(WriteFailure) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return 0 }
                return systemWrite(descriptor, start + written, bytes.count - written)
            }
            if count > 0 {
                written += count
                continue
            }
            let code = count == 0 ? EIO : errno
            switch code {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: try waitForRoom()
            default: throw WriteFailure(code: code)
            }
        }
    }

    /// Writes a text as UTF-8.
    package func write(_ text: String) throws(WriteFailure) { try write(text.utf8) }

    private func waitForRoom() throws(WriteFailure) {
        var asked = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&asked, 1, -1) < 0, errno != EINTR else { return }
        throw WriteFailure(code: errno)
    }
}

/// Why a text could not be written.
package struct WriteFailure: Error, Hashable, CustomStringConvertible {
    /// The error of the operating system.
    package let code: Int32

    /// Makes a failure from an `errno`.
    package init(code: Int32) { self.code = code }

    /// Whether whoever read has gone, as `head` does when it has enough.
    package var isClosedPipe: Bool { code == EPIPE }

    /// The reason in the words of the operating system.
    package var description: String { String(cString: strerror(code)) }
}

// `write` inside the writer would be its own method.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
