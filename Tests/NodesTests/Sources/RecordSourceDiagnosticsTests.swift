import Testing
import Topology

@testable import Nodes

/// What validation says of sources of records, and of a subject of which only the tokenizer is here.
@Suite struct RecordSourceDiagnosticsTests {
    private let recorded: RecordedGraph
    private let path: String

    init() throws {
        recorded = try RecordedGraph()
        path = try recorded.write([], to: "some.records")
    }

    private func codes(_ fields: String = "", _ stages: String = "") throws -> [Diagnostic] {
        try recorded.graph(
            source: "type: codes, from: file, path: \(path), \(RecordedGraph.codesFields)\(fields)", givesCodes: true,
            stages, models: ", far: { openai: \"http://127.0.0.1:9/v1\", model: e }"
        ).diagnostics(file: "t.yaml")
    }

    private func activations(_ fields: String) throws -> [Diagnostic] {
        try recorded.graph(
            source: "type: activations, from: file, path: \(path), \(fields)", givesCodes: false
        ).diagnostics(file: "t.yaml")
    }

    @Test func whatNeedsNoSubjectIsSound() throws {
        let stages = """
              lexical: { type: explain, inputs: [evidence], explainer: lexical }
              prose: { type: explain, inputs: [evidence], explainer: default, model: far }
              executed: { type: score, inputs: [lexical], method: execution }
              detected: { type: score, inputs: [prose, lexical], method: detection, model: far }
              fuzzed: { type: score, inputs: [prose], method: fuzzing, model: far }
              embedded: { type: score, inputs: [prose], method: embedding, model: far }

            """
        #expect(try codes("", stages).map(\.message) == [])
        #expect(try activations("\(RecordedGraph.subject), width: 64").map(\.message) == [])
    }

    @Test func whatNeedsTheSubjectsWeightsSaysSo() throws {
        let surprisal = try codes(
            "",
            """
              lexical: { type: explain, inputs: [evidence], explainer: lexical }
              surprising: { type: score, inputs: [lexical], method: surprisal, model: tokens-only }

            """)
        #expect(surprisal.map(\.code) == ["E210"])
        #expect(surprisal.first?.message.hasPrefix("surprising needs the weights of model tokens-only") == true)
        let intervened = try codes(
            "",
            """
              unexplained: { type: explain, inputs: [evidence], explainer: none }
              intervened: { type: score, inputs: [unexplained], method: intervention, model: far }

            """)
        #expect(intervened.map(\.code) == ["E606"])
        #expect(intervened.first?.message.contains("has no subject") == true)
        let forward = try TopologyText.graph(
            of: """
                version: 1
                name: t
                models: { subject: { tokenizer: \(recorded.directory)/model, bos: none } }
                sources: { corpus: { type: stdin } }
                stages:
                  tokens: { type: tokenize, inputs: [corpus], model: subject }
                  residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }

                """
        ).diagnostics(file: "t.yaml")
        #expect(forward.map(\.code) == ["E210"])
    }

    @Test func neighboursNeedTheCoder() throws {
        let stages = """
              lexical: { type: explain, inputs: [evidence], explainer: lexical }
              executed: { type: score, inputs: [lexical], method: execution, negatives: [random, neighbour] }

            """
        #expect(try codes("", stages).map(\.code) == ["E610"])
        #expect(try codes(", coder: \(TinyModel.coder)", stages).map(\.code) == [])
    }

    @Test func fieldsThatDoNotGoTogetherAreNamed() throws {
        #expect(try codes(", coder_digest: abc").map(\.code) == ["E606"])
        #expect(try codes(", model_digest: abc").map(\.code) == ["E606"])
        #expect(try codes(", coder: /no/such/folder").map(\.code) == ["E601"])
        let small = recorded.directory + "/coder"
        try TinyModel.writeCoder(width: 64, to: small)
        #expect(try codes(", coder: \(small)").map(\.code) == ["E603"])
        let width = try activations("\(RecordedGraph.subject), width: 32")
        #expect(width.map(\.code) == ["E603"])
        #expect(width.first?.message.contains("layers.1 of recorded is 32 wide") == true)
        let hookpoint = try activations("model: tokens-only, model_name: m, hookpoint: layers.2, width: 64")
        #expect(hookpoint.map(\.code) == ["E604"])
    }

    @Test func aFileThatIsNotThereIsNamedAtItsField() throws {
        let found = try recorded.graph(
            source: "type: codes, from: file, path: /no/such, \(RecordedGraph.codesFields)", givesCodes: true
        ).diagnostics(file: "t.yaml")
        #expect(found.map(\.code) == ["E601"] && found.first?.message.contains("/no/such") == true)
    }
}
