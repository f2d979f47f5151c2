import Elements
import Evidence
import Observability
import Testing
import Tokenization
import Topology

@testable import Nodes

/// The stages from documents to evidence: what their fields change.
@Suite(.timeLimit(.minutes(5))) struct IngestNodesTests {
    private let files: FileGraph

    init() throws {
        files = try FileGraph()
        try files.append(texts: FileGraph.texts(0..<5))
    }

    @Test(arguments: [8, 24, 4096]) func contextsAreAsLongAsTheFieldSays(length: Int) async throws {
        let built = try files.built(context: length)
        try await built.run()
        let tokenizer = try Tokenizer.load(from: files.directory + "/model")
        // A document's tokens with BOS before them, cut without a rest left out.
        let lengths = FileGraph.texts(0..<5).map { 1 + tokenizer.encode($0).count }
        let totals = try built.view("codes").totals
        #expect(totals.tokens == UInt64(lengths.reduce(0, +)))
        #expect(totals.contexts == UInt64(lengths.reduce(0) { $0 + ($1 + length - 1) / length }))
        #expect(built.progress.reading.tokens == lengths.reduce(0, +))
        #expect(built.progress.reading.tokensSampled == lengths.reduce(0, +))
        try await built.close()
    }

    /// Of tokens that are given as ids, the first context begins with BOS too.
    @Test func tokenIdsAreTakenAsTheyAre() async throws {
        try files.write([#"{"tokens": [5, 6, 7]}"#, #"{"tokens": [8]}"#, #"{"tokens": []}"#])
        let built = try files.built()
        try await built.run()
        let totals = try built.view("codes").totals
        #expect(totals.tokens == 6 && totals.contexts == 2)
        try await built.close()
    }

    /// Those that another tokenizer has put BOS before give the same evidence.
    @Test func tokenIdsThatBeginWithBOSGetNoSecondOne() async throws {
        let tokenizer = try Tokenizer.load(from: files.directory + "/model")
        let bos = try #require(tokenizer.encodeWithSpecialTokens("<|bos|>").first)
        func evidence(_ lines: [String]) async throws -> (StreamTotals, [UInt64]) {
            let files = try FileGraph()
            try files.write(lines)
            let built = try files.built()
            try await built.run()
            let view = try built.view("codes")
            defer { withExtendedLifetime(files) {} }
            let fired = (0..<256).map { view.statistics(of: $0).tokensFired }
            try await built.close()
            return (view.totals, fired)
        }
        let plain = try await evidence([#"{"tokens": [5, 6, 7]}"#])
        let begun = try await evidence(["{\"tokens\": [\(bos), 5, 6, 7]}"])
        #expect(plain.0 == begun.0 && plain.1 == begun.1 && plain.0.tokens == 4 && plain.1.contains { $0 > 0 })
    }

    /// The first position of a context: 16 latents are kept of each token, of those left out none.
    @Test func theFirstPositionIsLeftOutUnlessTheFieldSaysOtherwise() async throws {
        func fired(_ encode: String) async throws -> (pairs: UInt64, totals: StreamTotals) {
            let files = try FileGraph()
            try files.append(texts: FileGraph.texts(0..<5))
            let built = try BuiltGraph(
                files.graph(encode: "coder: \(TinyModel.coder)\(encode)"), in: files.fixture.directory)
            try await built.run()
            let view = try built.view("codes")
            let pairs = (0..<256).reduce(UInt64(0)) { $0 + view.statistics(of: $1).tokensFired }
            try await built.close()
            return (pairs, view.totals)
        }
        let (masked, totals) = try await fired("")
        let (whole, same) = try await fired(", mask_first: false, workers: 1")
        #expect(totals == same)
        #expect(masked == 16 * (totals.tokens - totals.contexts) && whole == 16 * totals.tokens)
    }

    @Test func neuronsFireOnTheSidesThatTheFieldNames() async throws {
        func built(_ fields: String) throws -> BuiltGraph {
            let files = try FileGraph()
            try files.append(texts: FileGraph.texts(0..<3))
            return try BuiltGraph(
                files.graph(encode: "coder: neurons, \(fields)"), in: files.fixture.directory)
        }
        for (fields, latents, most) in [("k: 4", 64, 4), ("k: 6, sides: signed", 128, 6)] {
            let built = try built(fields)
            try await built.run()
            let view = try built.view("codes")
            #expect(view.coder.latents == latents)
            let pairs = (0..<latents).reduce(UInt64(0)) { $0 + view.statistics(of: $1).tokensFired }
            let tokens = view.totals.tokens - view.totals.contexts
            #expect(pairs > 0 && pairs <= UInt64(most) * tokens)
            if fields.contains("signed") { #expect(pairs == 6 * tokens) }
            try await built.close()
        }
    }

    @Test func aForwardNodeNeedsWeights() throws {
        let graph = try files.fixture.graph(
            """
            sources: { corpus: { type: stdin } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: far, hookpoints: [layers.1] }

            """)
        let found = graph.diagnostics(file: "t.yaml")
        #expect(found.map(\.code) == [DiagnosticCode.badModel.rawValue])
        #expect(
            found.first?.message == "residual needs the weights of model far, which is behind an endpoint"
                && found.first?.help == "give it a `path`")
    }

    @Test func aReservoirIsPlannedByItsFieldsAndTheContextsAboveIt() throws {
        func plan(_ graph: Graph) throws -> ReservoirPlan {
            try graph.reservoir(above: #require(graph.topology.node("seen"))).plan(in: graph)
        }
        let fields = "window: 5, sample: 6, top: 7, pool: 8, recent: 9, seed: 10"
        let cut = try plan(
            files.graph("  seen: { type: reservoir, inputs: [codes], \(fields) }\n", context: 100))
        let given = try ReservoirSettings(window: 5, sample: 6, top: 7, pool: 8, recent: 9, seed: 10)
        #expect(cut.settings == given && cut.contextLength == 100)
        // The rows of a cache are not cut here: they are taken to be as long as contexts usually are.
        let cached = try plan(PlantedGraph(rows: 4).graph("  seen: { type: reservoir, inputs: [cached] }\n"))
        #expect(cached.contextLength == 256)
        #expect(
            try cached.settings
                == ReservoirSettings(window: 32, sample: 256, top: 16, pool: 16_384, recent: 32, seed: 0))
    }

    @Test func ofSeveralCuttersTheLongestContextCounts() throws {
        let graph = try files.fixture.graph(
            """
            sources: { corpus: { type: stdin } }
            stages:
              short: { type: tokenize, inputs: [corpus], model: subject, context: 32 }
              long: { type: tokenize, inputs: [corpus], model: subject, context: 512 }
              residual: { type: forward, inputs: [short, long], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: \(TinyModel.coder) }
              evidence: { type: reservoir, inputs: [codes] }

            """)
        let evidence = try graph.reservoir(above: #require(graph.topology.node("evidence")))
        #expect(try evidence.plan(in: graph).contextLength == 512)
    }
}
