import Elements
import Interchange
import Running
import Testing
import Topology

@testable import Nodes

/// What is asked of a graph by capability.
@Suite struct GraphTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    private static let scored = """
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          run: { type: score, method: execution, inputs: [words] }
          asked: { type: score, method: detection, model: far, inputs: [words, run], settle_below: 0.5 }

        """

    @Test func aNodeFindsWhatIsAboveIt() throws {
        let graph = try fixture.graph(stages: Self.scored)
        let asked = try #require(graph.topology.node("asked"))
        #expect(try graph.codes(above: asked).id == "codes")
        #expect(try graph.reservoir(above: asked).id == "evidence")
        #expect(try graph.subject(above: asked) == "subject")
        #expect(graph.first((any RunsSubject).self, above: asked)?.id == "residual")
        #expect(graph.nearest((any CutsContexts).self, above: asked).map(\.contextLength) == [64])
        #expect(CascadeFields.gates(of: asked, in: graph).map(\.id) == ["run"])
        #expect(graph.terminals == ["evidence"])
    }

    @Test func stagesThatNothingReadsAreWaitedFor() throws {
        let more = "  other: { type: encode, inputs: [residual], hookpoint: layers.0, coder: x }\n"
        #expect(try fixture.graph(stages: more).terminals == ["evidence", "other"])
    }

    @Test func aModelIsAnEncoderOnlyIfNothingElseIsAskedOfIt() throws {
        let embedding = "  meant: { type: score, method: embedding, model: far, inputs: [words] }\n"
        let words = "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n"
        #expect(try fixture.graph(stages: words + embedding).sentenceEncoders == ["far"])
        #expect(try fixture.graph(stages: Self.scored + embedding).sentenceEncoders.isEmpty)
        #expect(try fixture.graph(stages: Self.scored + embedding).encoders == ["far"])
    }

    @Test func codersAreListedAndOpenedOnce() throws {
        let graph = try fixture.graph()
        #expect(graph.diagnostics(file: "t.yaml").isEmpty)
        let codes = try graph.codes(above: #require(graph.topology.node("evidence")))
        #expect(try codes.coder(in: graph) === codes.coder(in: graph))
        #expect(try graph.model("subject") === graph.model("subject"))
        #expect(try graph.coders().map(\.name) == ["codes"])
    }

    @Test func aGraphThatKeepsNothingOpensACoderAnew() throws {
        let graph = try Graph(fixture.graph().topology, keepsWeights: false)
        let codes = try graph.codes(above: #require(graph.topology.node("evidence")))
        #expect(try codes.coder(in: graph) !== codes.coder(in: graph))
    }

    @Test func aCacheOfCodesCountsAsACoder() throws {
        let graph = try fixture.cached()
        #expect(graph.diagnostics(file: "t.yaml").isEmpty)
        let cache = try DelphiCache(folder: GraphFixture.cache)
        let coder = try #require(try graph.coders().first)
        #expect((coder.name, coder.hookpoint, coder.latents) == ("cached", "layers.10", cache.latents))
        #expect(coder.digest == cache.digest(hookpoint: "layers.10"))
        #expect(graph.coderPlaces.map(\.path) == [GraphFixture.cache])
        let evidence = try #require(graph.topology.node("evidence"))
        #expect(try graph.codes(above: evidence).id == "cached" && graph.subject(above: evidence) == "subject")
        #expect(throws: DaemonError.self) { _ = try graph.codes(above: evidence).coder(in: graph) }
    }

    @Test func aRandomCoderIsAControl() throws {
        let graph = try fixture.graph(encode: "coder: random, like: \(TinyModel.coder)")
        #expect(graph.all((any GivesCodes).self).map(\.isRandomControl) == [true])
        #expect(try fixture.graph().all((any GivesCodes).self).map(\.isRandomControl) == [false])
    }

    @Test func onlyScoresThatAskNoModelSettle() throws {
        let graph = try fixture.graph(
            stages: Self.scored + "  twice: { type: score, method: fuzzing, model: far, inputs: [words, asked], "
                + "settle_above: 0.9 }\n")
        let messages = graph.diagnostics(file: "t.yaml").map(\.message)
        #expect(
            messages == ["twice reads the scores of asked, but only those of execution and embedding nodes settle"])
    }
}
