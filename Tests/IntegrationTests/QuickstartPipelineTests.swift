import Elements
import Foundation
import Store
import TestSupport
import Testing

/// The quickstart's topology on a few of its documents, from a file.
@Suite(.timeLimit(.minutes(10))) struct QuickstartPipelineTests {
    @Test func lexicalExplanationsOfTheBundledCoderHoldOnHeldOutWindows() throws {
        let folder = try TemporaryFolder()
        try firstDocuments(150, into: folder.file("corpus.ndjson"))
        var text = try String(
            contentsOf: Folders.root.appending(path: "topologies/quickstart.yaml"), encoding: .utf8)
        // The same stages, without the judge: its scores are no better than chance and take minutes.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
            if line.hasPrefix("  corpus:") {
                return "  corpus: { type: file, path: \"\(folder.file("corpus.ndjson"))\" }"
            }
            return line
        }
        text = lines.joined(separator: "\n")
        text = text.components(separatedBy: "  # Asks the judge")[0]
        try folder.write(text, to: "quickstart.yaml")
        var program = GlossProgram()
        program.environment = ["STATE": folder.file("state"), "HTTP_PORT": "0"]
        let outcome = try program.run(["run", folder.file("quickstart.yaml"), "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")

        let reader = try Store.reader(directory: folder.file("state"))
        let values = try reader.scores().filter { $0.control == nil }.compactMap(\.headline?.value).sorted()
        #expect(values.count > 3500)
        let median = try #require(values.isEmpty ? nil : values[values.count / 2])
        #expect(median > 0.58)
    }

    private func firstDocuments(_ count: Int, into path: String) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let corpus = Folders.quickstart.appending(path: "corpus.ndjson.gz").path
        shell.arguments = ["-c", "gzip -dc \"$1\" 2>/dev/null | head -n \(count) > \"$2\"", "sh", corpus, path]
        try shell.run()
        shell.waitUntilExit()
    }
}
