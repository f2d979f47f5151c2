import Foundation
import TestSupport

/// Where the checkout, the programs and what comes with them are.
enum Folders {
    static let root = URL(filePath: Checkout.folder, directoryHint: .isDirectory)
    static let model = root.appending(path: "models/SmolLM2-135M-Instruct.Q4_1.gguf").path
    static let quickstart = root.appending(path: "topologies/quickstart")
    /// Test runner and programs are built into the same folder.
    static let programs = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
}
