import Elements
import Evidence
import Interchange
import LanguageModels
import LinearAlgebra
import Running
import SparseCoders
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// What is asked of graphs with several coders, reservoirs and caches.
@Suite struct GraphCapabilitiesTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    private static let cache = """
          cached: { type: delphi_cache, path: \(GraphFixture.cache), hookpoint: layers.10, model: subject }
        """

    /// Two reservoirs of one coder, one of another, and one of a cache.
    private func graph() throws -> Graph {
        try MarkedTopology(
            in: fixture.directory.path, corpus: "{ type: stdin }\n" + Self.cache,
            stages: """
                  aside: { type: encode, inputs: [residual], coder: random, like: \(TinyModel.coder), hookpoint: layers.0 }
                  short: { type: reservoir, inputs: [codes], window: 16 }
                  chance: { type: reservoir, inputs: [aside] }
                  kept: { type: reservoir, inputs: [cached] }
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  brief: { type: explain, explainer: lexical, inputs: [short] }
                  stray: { type: explain, explainer: lexical, inputs: [kept] }
                  one: { type: score, method: execution, inputs: [words, brief] }
                  all: { type: score, method: execution, inputs: [stray, brief, words] }
                """
        ).graph()
    }

    private func node(_ id: String, of graph: Graph) throws -> Node { try #require(graph.topology.node(id)) }

    @Test func nearestNodesComeByNameAndOnlyOnce() throws {
        let graph = try graph()
        let (one, all) = (try node("one", of: graph), try node("all", of: graph))
        #expect(graph.nearest((any Samples).self, above: one).map(\.id) == ["evidence", "short"])
        // Both reservoirs have the same coder.
        #expect(graph.nearest((any GivesCodes).self, above: one).map(\.id) == ["codes"])
        #expect(graph.nearest((any Samples).self, above: all).map(\.id) == ["evidence", "kept", "short"])
        #expect(graph.nearest((any GivesCodes).self, above: all).map(\.id) == ["cached", "codes"])
    }

    @Test func aNodeIsItselfTheNearest() throws {
        let graph = try graph()
        let codes = try node("codes", of: graph)
        #expect(graph.nearest((any GivesCodes).self, above: codes).map(\.id) == ["codes"])
        #expect(graph.first((any RunsSubject).self, above: codes)?.id == "residual")
        #expect(graph.nearest((any Samples).self, above: codes).isEmpty)
        #expect(graph.first((any Scores).self, above: codes) == nil)
    }

    @Test func theFirstIsThatOfTheFirstInput() throws {
        let graph = try graph()
        #expect(graph.first((any Samples).self, above: try node("one", of: graph))?.id == "evidence")
        #expect(graph.first((any Samples).self, above: try node("all", of: graph))?.id == "kept")
        #expect(graph.inputs(of: try node("all", of: graph)).map(\.id) == ["stray", "brief", "words"])
    }

    @Test func whereThereIsNotOneTheNodeIsNamedWithTheNumberAndTheRemedy() throws {
        let graph = try graph()
        let (one, all) = (try node("one", of: graph), try node("all", of: graph))
        #expect(try graph.codes(above: one).id == "codes")
        #expect(
            try message { try graph.reservoir(above: one) }
                == "one must descend from one reservoir, not 2: give each a node of its own")
        #expect(
            try message { try graph.codes(above: all) }
                == "all must descend from one encode node, not 2: give each a node of its own")
        #expect(
            try message { try graph.reservoir(above: node("tokens", of: graph)) }
                == "tokens must descend from one reservoir, not 0: give each a node of its own")
    }

    @Test func aNodeAboveAllTokenizersHasNoText() throws {
        let graph = try graph()
        #expect(
            try message { try graph.subject(above: node("corpus", of: graph)) }
                == "corpus descends from no tokenize node, so its tokens have no text")
        #expect(try graph.subject(above: node("stray", of: graph)) == "subject")
    }

    private func message(_ body: () throws -> Any) throws -> String {
        let error = try #require(throws: DaemonError.self) { _ = try body() }
        #expect(error.kind == .configuration)
        return error.description
    }

    @Test func readersAreStagesOfTheMainOutput() throws {
        let graph = try MarkedTopology(
            in: fixture.directory.path, corpus: "{ type: file, path: x }",
            stages: "  again: { type: tokenize, inputs: [corpus], model: subject }",
            sinks: """
                sinks:
                  refused: { type: kafka, brokers: "b:1", inputs: [corpus.rejected], topic: refused }
                """
        ).graph()
        #expect(graph.readers(of: try node("corpus", of: graph)).map(\.id) == ["tokens", "again"])
        #expect(graph.readers(of: try node("evidence", of: graph)).isEmpty)
        // A sink reads an outbox, so that no barrier reaches it.
        #expect(graph.terminals == ["evidence", "again"])
    }

    @Test func barriersEndInEveryReservoirWhateverComesAfterIt() throws {
        let graph = try graph()
        #expect(graph.terminals == ["evidence", "short", "chance", "kept"])
        #expect(graph.sources == ["corpus", "cached"])
    }

    private static let onward = "  second: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.0] }"

    @Test(arguments: [
        ("{ type: stdin }", "", ["residual"]),
        ("{ type: stdin }\n  more: { type: file, path: x }", "", ["corpus", "more"]),
        ("{ type: stdin }", "  again: { type: tokenize, inputs: [corpus], model: subject }", ["corpus"]),
        ("{ type: stdin }", onward, ["corpus"]),
    ])
    func barriersComeAfterTheOneStageThatAllDocumentsPassOnceOrFromTheSources(
        corpus: String, stages: String, nodes: [String]
    ) throws {
        let graph = try MarkedTopology(in: fixture.directory.path, corpus: corpus, stages: stages).graph()
        #expect(graph.barrierNodes == Set(nodes))
        #expect((graph.cut == nil) == (nodes != ["residual"]))
    }

    @Test func aSourceThatNobodyReadsIsWaitedForToo() throws {
        let graph = try MarkedTopology(
            in: fixture.directory.path, corpus: "{ type: stdin }\n  idle: { type: file, path: x }"
        ).graph()
        #expect(graph.terminals == ["evidence", "idle"])
    }

    @Test func nodesAreListedAsInTheFileAndCheckedAfterWhatTheyRead() throws {
        let graph = try MarkedTopology(
            in: fixture.directory.path,
            stages: """
                  run: { type: score, method: execution, inputs: [words] }
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                """
        ).graph()
        let usual = ["corpus", "tokens", "residual", "codes", "evidence"]
        #expect(graph.nodes.map(\.id) == usual + ["run", "words"])
        #expect(graph.inOrder.map(\.id) == usual + ["words", "run"])
        #expect(graph.all((any TakesLatents).self).map(\.id) == ["run", "words"])
    }

    @Test func cachesAndCodersAreListedAlikeEachWithItsOwnShape() throws {
        let graph = try graph()
        let coders = try graph.coders()
        #expect(coders.map(\.name) == ["cached", "codes", "aside"])
        #expect(coders.map(\.hookpoint) == ["layers.10", "layers.1", "layers.0"])
        #expect(Set(coders.map(\.digest)).count == 3)
        let places = graph.coderPlaces
        #expect(places.map(\.node) == ["cached", "codes", "aside"])
        #expect(places.map(\.path) == [GraphFixture.cache, TinyModel.coder, "random"])
        let shapes = try places.map { try $0.shape.get() }
        #expect(shapes.map(\.latents) == coders.map(\.latents) && shapes.map(\.digest) == coders.map(\.digest))
        let coder = try SparseCoder(folder: TinyModel.coder)
        #expect(coder.activation.boundsRows)
        #expect(shapes[1].usualActive == Double(coder.k) && shapes[2].usualActive == Double(coder.k))
        let cache = try DelphiCache(folder: GraphFixture.cache)
        #expect(shapes[0].usualActive == Double(cache.activationCount) / Double(cache.rows * cache.context))
        #expect(graph.all((any GivesCodes).self).map(\.isRandomControl) == [false, false, true])
    }

    /// Contexts of a cache are not cut here, so that their usual length is taken, whatever a tokenize node has.
    @Test func theContextsOfAReservoirAreThoseAboveIt() throws {
        let graph = try graph()
        let lengths = try graph.all((any Samples).self).map { ($0.id, try $0.plan(in: graph).contextLength) }
        #expect(Dictionary(uniqueKeysWithValues: lengths) == ["evidence": 64, "short": 64, "chance": 64, "kept": 256])
    }

    @Test func theLongestContextCountsForAReservoir() throws {
        let graph = try MarkedTopology(
            in: fixture.directory.path,
            stages: """
                  longer: { type: tokenize, inputs: [corpus], model: subject, context: 100 }
                  more: { type: forward, inputs: [longer, tokens], model: subject, hookpoints: [layers.1] }
                  coded: { type: encode, inputs: [more], coder: \(TinyModel.coder), hookpoint: layers.1 }
                  wide: { type: reservoir, inputs: [coded] }
                """
        ).graph()
        let wide = try #require(graph.all((any Samples).self).last)
        #expect(try wide.plan(in: graph).contextLength == 100)
    }

    @Test func contextsAreBatchedAsTheSubjectsNeedIt() throws {
        // Without a subject nothing can depend on what it is batched with.
        #expect(try fixture.cached().batchMode() == .ragged)
        let graph = try fixture.graph()
        #expect(try graph.batchMode() == graph.model("subject").batchMode())
        let far = try MarkedTopology(in: fixture.directory.path, forward: "model: far").graph()
        #expect(
            try message { try far.batchMode() }
                == "model far is behind an endpoint, but its weights are needed here: give a `path`")
    }
}
