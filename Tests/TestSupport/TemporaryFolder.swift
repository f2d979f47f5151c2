import Foundation

/// A folder that is removed with the value that names it.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// Makes a folder of given files, by their names.
    package init(_ files: [String: [UInt8]] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gloss-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, bytes) in files { try write(bytes, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file of the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file and gives its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    /// Gives a file that is there other bytes; nothing may have it open.
    ///
    /// Cutting a file to nothing first, as plain writing does, makes some file systems wait for the disk.
    package func replace(_ name: String, with bytes: [UInt8]) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: file(name)))
        try handle.write(contentsOf: bytes)
        try handle.truncate(atOffset: UInt64(bytes.count))
        try handle.close()
    }

    /// Writes a file of text and gives its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }
}
