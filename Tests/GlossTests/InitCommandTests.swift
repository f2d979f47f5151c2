import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import gloss

@Suite struct InitCommandTests {
    /// What is asked, and the topology that the answers give.
    private func asked(
        _ arguments: [String], answers: [String]
    ) throws -> (questions: [String], topology: StartingTopology) {
        let command = try #require(try Gloss.parseAsRoot(["init"] + arguments) as? InitCommand)
        var (questions, left) = ([String](), answers)
        let topology = try command.asked(
            Questions(show: { questions.append($0) }, read: { left.isEmpty ? nil : left.removeFirst() }))
        return (questions, topology)
    }

    @Test func whatIsNotGivenIsAskedFor() throws {
        let (questions, topology) = try asked(
            ["own.yaml"], answers: ["model.gguf", "", "", "sae", "layers.3", "corpus.ndjson", ""])
        #expect(
            questions.map { $0.prefix(6) } == ["Model ", "Token ", "Sparse", "Sparse", "Hookpo", "Corpus", "Judge "])
        #expect(
            topology
                == StartingTopology(
                    name: "own", model: "model.gguf", bos: nil, coder: "sae", hookpoint: "layers.3",
                    corpus: .file("corpus.ndjson"), judge: nil))
    }

    @Test func whatIsGivenIsNotAskedFor() throws {
        let (questions, topology) = try asked(
            [
                "--model", "m", "--bos", "<s>", "--coder", "c", "--hookpoint", "layers.1", "--corpus",
                "kafka://a:1,b:2/texts", "--judge", "http://far/v1",
            ], answers: ["strong"])
        #expect(questions.count == 1 && topology.name == "gloss")
        #expect(topology.corpus == .topic(brokers: "a:1,b:2", name: "texts"))
        #expect(topology.judge == .server("http://far/v1", model: "strong"))
        #expect(topology.text.contains("brokers: \"a:1,b:2\", topics: [\"texts\"]"))
        #expect(topology.text.contains("{ path: \"m\", bos: \"<s>\" }"))
    }

    @Test func anInputThatEndsIsToldWhichOptionToGive() {
        let error = #expect(throws: Questions.Unanswered.self) { _ = try asked(["--model", "m"], answers: ["", "c"]) }
        #expect(error?.description.contains("--hookpoint") == true)
    }

    @Test func aPathWithQuotationMarksStaysOneText() throws {
        let (_, topology) = try asked(
            [], answers: [#"a "b" \c"#, "", "sae", "layers.3", "corpus", "judge.gguf"])
        #expect(topology.text.contains(#"subject: { path: "a \"b\" \\c" }"#))
        #expect(topology.text.contains("judge:   { path: \"judge.gguf\" }") && topology.text.contains("  detected:"))
    }
}
