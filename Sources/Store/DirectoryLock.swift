import Foundation

/// The lock that keeps a second daemon, or a second holder of another kind, out of a state directory.
///
/// The operating system drops it when its process ends, however it ends, so that no stale lock is left behind.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock and writes the process id to its file; throws `locked` if another holder has it.
    ///
    /// - Parameter name: The name of the lock file; by default that of daemons.
    init(directory: String, name: String = StateDirectory.lockName) throws(StoreError) {
        let path = directory + "/" + name
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError(systemError: errno, path: directory) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            guard code == EWOULDBLOCK else { throw StoreError(systemError: code, path: directory) }
            throw .locked(path: directory, pid: DirectoryLock.holder(descriptor))
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            throw StoreError(systemError: errno, path: directory)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Releases the lock; the object is of no use afterwards.
    func release() {
        flock(descriptor, LOCK_UN)
    }

    /// The process that has the lock of a directory; `nil` if none has, or what it wrote cannot be read.
    static func holder(of directory: String) -> Int32? {
        let descriptor = open(directory + "/" + StateDirectory.lockName, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Who gets it was alone, and gives it back with the descriptor.
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return holder(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return Int32(text.prefix { $0.isNumber })
    }
}
