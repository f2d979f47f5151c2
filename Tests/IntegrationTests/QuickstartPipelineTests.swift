import Elements
import Foundation
import Store
import TestSupport
import Testing

/// The quickstart's topology on a few of its documents, from a file.
@Suite(.timeLimit(.minutes(10))) struct QuickstartPipelineTests {
    @Test func itsExplanationsHoldOnHeldOutWindowsAndAreShownWithPassages() throws {
        let folder = try TemporaryFolder()
        try firstDocuments(150, into: folder.file("corpus.ndjson"))
        var text = try String(
            contentsOf: Folders.root.appending(path: "topologies/quickstart.yaml"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
            if line.hasPrefix("  corpus:") {
                return "  corpus: { type: file, path: \"\(folder.file("corpus.ndjson"))\" }"
            }
            return line
        }
        text = lines.joined(separator: "\n")
        text = text.components(separatedBy: "\nsinks:")[0]
        try folder.write(text, to: "quickstart.yaml")
        var program = GlossProgram()
        program.environment = ["STATE": folder.file("state"), "HTTP_PORT": "0"]
        let outcome = try program.run(["run", folder.file("quickstart.yaml"), "--until-drained"])
        try #require(outcome.status == 0, "\(outcome.errors)")

        let reader = try Store.reader(directory: folder.file("state"))
        let scores = try reader.scores().filter { $0.control == nil }
        let executed = scores.filter { $0.method == "execution" }.compactMap(\.headline?.value).sorted()
        #expect(executed.count > 3500)
        #expect(try #require(executed.isEmpty ? nil : executed[executed.count / 2]) > 0.58)
        let embedded = scores.filter { $0.method == "embedding" }.compactMap(\.headline?.value).sorted()
        #expect(embedded.count > 150)
        #expect(try #require(embedded.isEmpty ? nil : embedded[embedded.count / 2]) > 0.5)

        let best = try #require(
            outcome.output.split(separator: /execution of lexical: the best 5 of \d+\n/).last
        )
        .components(separatedBy: "\n").prefix { !$0.contains(": the worst ") && !$0.isEmpty }
        // Each latent stands on a line of its own, with what is said of it and a passage below.
        for (place, label) in best.enumerated() where label.contains("codes/") {
            let below = best.dropFirst(place + 1).prefix { !$0.contains("codes/") }
            #expect(below.contains { $0.hasPrefix("      ") && $0.contains("<<") }, "\(label)\n\(below)")
        }
        #expect(best.count { $0.contains("codes/") } == 5)
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
