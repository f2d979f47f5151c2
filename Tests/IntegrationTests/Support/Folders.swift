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
