import Foundation

@testable import Tokenization

/// A folder of given files, removed with the value.
final class TemporaryFolder {
    let path: String

    init(_ files: [String: [UInt8]]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gloss-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: URL(filePath: self.path(name))) }
    }

    convenience init(json: [String: Any], settings: [String: Any]? = nil) throws {
        var files = ["tokenizer.json": Array(try JSONSerialization.data(withJSONObject: json))]
        if let settings {
            files["tokenizer_config.json"] = Array(try JSONSerialization.data(withJSONObject: settings))
        }
        try self.init(files)
    }

    func path(_ name: String) -> String { path + "/" + name }

    /// Loads the tokenizer of a file, or of the folder; the folder lives until that is done.
    func load(_ name: String? = nil) throws -> Tokenizer {
        defer { withExtendedLifetime(self) {} }
        return try Tokenizer.load(from: name.map { path($0) } ?? path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
