internal import Glibc
import WeightFiles

/// The few calls to the file system that opening a model needs.
enum FileSystem {
    /// The most bytes that a settings file may have.
    private static let mostBytes = 64 << 20

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether it is certain that there is nothing at a path.
    static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    /// The names of what is in a folder; none if it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    /// The bytes of a regular file of bounded size.
    static func read(_ path: String) throws(ModelError) -> [UInt8] {
        func refused(_ code: Int32) -> ModelError {
            let refusal = SystemRefusal(code)
            guard refusal.isOfTheMachine else {
                return .unreadable(file: path, reason: "\(refusal.reason); give a folder with this file in it")
            }
            return .weightFile(
                WeightFileError(
                    .machine, file: path, field: "file", found: refusal.reason, expected: "a file that can be read"))
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refused(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refused(errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
            throw .unreadable(file: path, reason: "expected a regular file of at most \(mostBytes) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            guard count > 0 else {
                throw count < 0
                    ? refused(errno) : .unreadable(file: path, reason: "became shorter while it was read")
            }
            filled += count
        }
        return bytes
    }
}
