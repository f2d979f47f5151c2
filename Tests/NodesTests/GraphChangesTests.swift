import Testing
import Topology

@testable import Nodes

/// In what a topology differs from the one that runs, and what of it a running daemon takes.
@Suite struct GraphChangesTests {
    private static let running = """
        version: 1
        name: tiny
        state: { directory: ./kept, checkpoint: 10s, memory: 1GiB }
        http: { address: 127.0.0.1:8080, write_token: !secret env:KEY }
        budget: { tokens: 100 }
        models:
          subject: { path: /m, bos: none }
          far: { openai: "http://127.0.0.1:9/v1", model: e, concurrency: 4, price_input: 1, api_key: !secret env:KEY }
        sources:
          corpus: { type: stdin }
        stages:
          tokens: { type: tokenize, inputs: [corpus], model: subject, context: 64 }
          residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
          codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: /c }
          evidence: { type: reservoir, inputs: [codes], window: 16 }
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          told: { type: score, method: detection, model: far, inputs: [words], examples: 8 }
        sinks:
          out: { type: kafka, brokers: "127.0.0.1:9", inputs: [words], topic: t, librdkafka: { client.id: a } }

        """

    private func graph(_ text: String) throws -> Graph {
        try TopologyText.graph(of: text, environment: ["KEY": "k", "OTHER": "o"])
    }

    /// What is found of the running topology with one text in place of another, and the places that are marked in it.
    private func found(
        _ old: String, _ new: String
    ) throws -> (changes: [SettingChange], refusals: [Diagnostic], marks: [SourceMark]) {
        let marked = MarkedTopology(Self.running.replacing(old, with: new))
        #expect(Self.running.contains(old))
        let (changes, refusals) = try graph(marked.text).changes(from: graph(Self.running), file: "t.yaml")
        return (changes, refusals, marked.marks)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let old, new: String
        let told: [String]
        var testDescription: String { new }
    }

    @Test(arguments: [
        Change(old: "tokens: 100", new: "tokens: ▸200", told: ["budget.tokens: 100 → 200"]),
        Change(old: "budget: { tokens: 100 }\n", new: "", told: ["budget.tokens: 100 → none"]),
        Change(old: "concurrency: 4", new: "concurrency: ▸8", told: ["models.far.concurrency: 4 → 8"]),
        Change(
            old: "concurrency: 4, ", new: "concurrency: 4, timeout: ▸7s, ",
            told: ["models.far.timeout: 60000ms → 7000ms"]),
        Change(
            old: "price_input: 1", new: "price_input: 1, price_output: ▸3", told: ["models.far.price_output: 0.0 → 3.0"]
        ),
        Change(
            old: "api_key: !secret env:KEY", new: "api_key: ▸!secret env:OTHER",
            told: ["models.far.api_key: env:KEY → env:OTHER"]),
        Change(old: "examples: 8", new: "examples: ▸10", told: ["stages.told.examples: 8 → 10"]),
        Change(
            old: "examples: 8 }", new: "examples: 8 }\n  ▸more: { type: score, method: execution, inputs: [words] }",
            told: ["stages.more: added"]),
        Change(old: "topic: t", new: "topic: ▸u", told: ["sinks.out.topic: t → u"]),
        Change(old: "client.id: a", new: "client.id: b", told: ["sinks.out.librdkafka: changed"]),
        Change(
            old: "inputs: [words], topic", new: "inputs: ▸[words, told], topic",
            told: ["sinks.out.inputs: words → told, words"]),
        Change(
            old: "  far: {", new: "  ▸near: { openai: \"http://127.0.0.1:7/v1\", model: n }\n  far: {",
            told: ["models.near: added"]),
    ]) func whatWorksBehindTheCheckpointMayChange(_ change: Change) throws {
        let (changes, refusals, marks) = try found(change.old, change.new)
        #expect(changes.map(\.description) == change.told)
        #expect(refusals.isEmpty)
        if !marks.isEmpty, change.told != ["models.near: added"] { #expect(changes.map(\.mark) == marks) }
    }

    @Test func aNodeMayBecomeOneOfAnotherMethod() throws {
        let (changes, refusals, _) = try found("method: detection", "method: fuzzing")
        #expect(changes.map(\.description).contains("stages.told.method: detection → fuzzing"))
        #expect(refusals.isEmpty)
    }

    @Test func nodesAndSinksMayGo() throws {
        let (changes, refusals, _) = try found(
            "  told: { type: score, method: detection, model: far, inputs: [words], examples: 8 }\n", "")
        #expect(changes.map(\.description) == ["stages.told: removed"] && refusals.isEmpty)
        let sinks = Self.running.firstRange(of: "sinks:").map { String(Self.running[$0.lowerBound...]) } ?? ""
        let (gone, refused, _) = try found(sinks, "")
        #expect(gone.map(\.description) == ["sinks.out: removed"] && refused.isEmpty)
    }

    @Test(arguments: [
        Change(old: "name: tiny", new: "name: ▸other", told: ["name: tiny → other"]),
        Change(old: "./kept", new: "▸./elsewhere", told: ["state.directory: ./kept → ./elsewhere"]),
        Change(old: "checkpoint: 10s", new: "checkpoint: ▸20s", told: ["state.checkpoint: 10000ms → 20000ms"]),
        Change(old: "memory: 1GiB", new: "memory: ▸2GiB", told: ["state.memory: 1073741824 → 2147483648"]),
        Change(old: "127.0.0.1:8080", new: "▸127.0.0.1:8081", told: ["http.address: 127.0.0.1:8080 → 127.0.0.1:8081"]),
        Change(
            old: "write_token: !secret env:KEY", new: "write_token: ▸!secret env:OTHER",
            told: ["http.write_token: env:KEY → env:OTHER"]),
        Change(old: "path: /m", new: "path: ▸/n", told: ["models.subject.path: /m → /n"]),
        Change(old: "bos: none", new: "bos: ▸\"<s>\"", told: ["models.subject.bos: none → <s>"]),
        Change(old: "context: 64", new: "context: ▸128", told: ["stages.tokens.context: 64 → 128"]),
        Change(
            old: "hookpoints: [layers.1]", new: "hookpoints: ▸[layers.1, layers.2]",
            told: ["stages.residual.hookpoints: layers.1 → layers.1 layers.2"]),
        Change(old: "coder: /c", new: "coder: ▸/d", told: ["stages.codes.coder: /c → /d"]),
        Change(old: "window: 16", new: "window: ▸32", told: ["stages.evidence.window: 16 → 32"]),
        Change(
            old: "window: 16 }", new: "window: 16 }\n  ▸more: { type: reservoir, inputs: [codes] }",
            told: ["stages.more: added"]),
        Change(
            old: "corpus: { type: stdin }", new: "▸corpus: { type: file, path: /f }",
            told: ["sources.corpus.type: stdin → file"]),
    ]) func allElseIsRefusedAtItsPlace(_ change: Change) throws {
        let (changes, refusals, marks) = try found(change.old, change.new)
        #expect(changes.map(\.description) == change.told)
        #expect(refusals.map(\.mark) == marks.map(Optional.some))
        #expect(
            refusals.map(\.message) == change.told.map { "the daemon cannot change this while it runs: \($0)" })
        #expect(refusals.allSatisfy { $0.code == "E618" && $0.severity == .error && $0.file == "t.yaml" })
    }

    @Test func aSettingThatHasGoneIsRefusedAtWhatItStoodIn() throws {
        let (_, refusals, marks) = try found(
            "evidence: { type: reservoir, inputs: [codes], window: 16 }",
            "▸evidence: { type: reservoir, inputs: [codes] }")
        #expect(refusals.map(\.mark) == marks.map(Optional.some))
        #expect(refusals.first?.message.hasSuffix("stages.evidence.window: 16 → 32") == true)
    }

    @Test func oneThatIsRefusedDoesNotHideWhatElseHasChanged() throws {
        let (changes, refusals, _) = try found("window: 16", "window: 32, sample: 8")
        #expect(changes.count == 2 && refusals.count == 2)
        let text = Self.running.replacing("window: 16", with: "window: 32").replacing("topic: t", with: "topic: u")
        let both = try graph(text).changes(from: graph(Self.running), file: "t.yaml")
        #expect(both.changes.map(\.path) == ["stages.evidence.window", "sinks.out.topic"])
        #expect(both.refusals.count == 1)
    }

    /// Comments, order, quotes and defaults that are written out say nothing new.
    @Test(arguments: [
        ("name: tiny", "name: \"tiny\" # as ever"), ("checkpoint: 10s, memory: 1GiB", "memory: 1GiB, checkpoint: 10s"),
        ("checkpoint: 10s", "checkpoint: 10000ms"), ("window: 16", "window: 16, sample: 256"),
        ("concurrency: 4, ", ""), ("  words:", "\n  words:"),
    ]) func whatMeansTheSameIsNoChange(old: String, new: String) throws {
        let (changes, refusals, _) = try found(old, new)
        #expect(changes.isEmpty && refusals.isEmpty)
    }

    @Test func aModelThatBecomesAServerIsRefused() throws {
        let (changes, refusals, _) = try found(
            "far: { openai: \"http://127.0.0.1:9/v1\", model: e, concurrency: 4, price_input: 1, api_key: !secret env:KEY }",
            "far: { path: /j }")
        #expect(!changes.isEmpty && refusals.count == changes.count)
    }
}
