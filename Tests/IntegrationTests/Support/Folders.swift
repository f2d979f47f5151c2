import Foundation

/// Where the checkout and its test data are.
enum Folders {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let golden = root.appending(path: "Tests/Golden")
    static let model = root.appending(path: "models/SmolLM2-135M-Instruct.Q4_1.gguf").path
    static let quickstart = root.appending(path: "topologies/quickstart")
    /// Test runner and programs are built into the same folder.
    static let programs = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
}

/// A folder that goes with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gloss-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }
}
