import Foundation
import TestSupport

/// A file of given bytes in a folder of its own, removed with the value.
final class TemporaryFile {
    let path: String
    private let folder: TemporaryFolder
    private let name: String

    init(_ bytes: [UInt8], name: String = "file") throws {
        self.name = name
        folder = try TemporaryFolder([name: bytes])
        path = folder.file(name)
    }

    /// Gives the file other bytes; nothing may have it open.
    func replace(with bytes: [UInt8]) throws { try folder.replace(name, with: bytes) }

    /// Opens the file, which lives until that is done.
    func open<File, Failure: Error>(_ open: (String) throws(Failure) -> File) throws(Failure) -> File {
        defer { withExtendedLifetime(self) {} }
        return try open(path)
    }
}

/// The path of a golden file.
func golden(_ name: String) -> String { GoldenFiles.path("weights/" + name) }
