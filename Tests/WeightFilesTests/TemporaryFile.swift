import Foundation
import TestSupport

/// A file of given bytes in a folder of its own, removed with the value.
final class TemporaryFile {
    let path: String
    private let folder: TemporaryFolder

    init(_ bytes: [UInt8], name: String = "file") throws {
        folder = try TemporaryFolder([name: bytes])
        path = folder.file(name)
    }

    /// Gives the file other bytes; nothing may have it open.
    ///
    /// Cutting a file to nothing first, as plain writing does, makes some file systems wait for the disk.
    func replace(with bytes: [UInt8]) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: path))
        try handle.write(contentsOf: bytes)
        try handle.truncate(atOffset: UInt64(bytes.count))
        try handle.close()
    }

    /// Opens the file, which lives until that is done.
    func open<File, Failure: Error>(_ open: (String) throws(Failure) -> File) throws(Failure) -> File {
        defer { withExtendedLifetime(self) {} }
        return try open(path)
    }
}

/// The path of a golden file.
func golden(_ name: String) -> String { GoldenFiles.path("weights/" + name) }
