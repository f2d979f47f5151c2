import Elements
import Observability
import Running
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

/// A cache of delphi's as a source of codes.
@Suite(.timeLimit(.minutes(5))) struct DelphiCacheNodeTests {
    private let fixture: GraphFixture
    private var path: String { fixture.directory.path + "/cache" }

    init() throws { fixture = try GraphFixture() }

    private func graph(_ fields: String = "") throws -> Graph {
        try fixture.graph(
            """
            sources: { cached: { type: delphi_cache, path: \(path), hookpoint: layers.10, model: subject\(fields) } }
            stages: { evidence: { type: reservoir, inputs: [cached], window: 4 } }

            """)
    }

    private func run(_ fields: String = "") async throws -> BuiltGraph {
        let built = try BuiltGraph(graph(fields), in: fixture.directory)
        try await built.run()
        return built
    }

    /// Latent 0 fires with 1.5 and .25, latent 2 with what was too large for 16 bits and with 3; latent 1 only has -2.
    @Test(arguments: [(false, 2), (true, 1)]) func everyPositiveActivationIsCounted(masks: Bool, last: UInt64)
        async throws
    {
        try DelphiFolder().write(to: path)
        let built = try await run(", mask_first: \(masks)")
        let view = try built.view("cached")
        #expect(view.totals.tokens == 8 && view.totals.contexts == 2 && built.progress.reading.records == 2)
        // What is too large stands at the first position of a row.
        #expect((0..<3).map { view.statistics(of: $0).tokensFired } == [2, 0, last])
        #expect(view.statistics(of: 0).sum == 1.75)
        #expect(
            view.statistics(of: 2).sum == (masks ? 3 : 65_507) && view.statistics(of: 2).maximum == (masks ? 3 : 65_504)
        )
        #expect(built.heard.fences.map(\.next) == [2] && built.heard.fences.map(\.topic) == [path])
        try await built.close()
    }

    @Test func rowsAreReadOnceOverRestarts() async throws {
        try DelphiFolder().write(to: path)
        let first = try await run()
        let digest = try first.view("cached").digest
        try await first.close()
        let second = try await run()
        #expect(second.progress.reading.records == 0)
        #expect(try second.view("cached").digest == digest)
        try await second.close()
    }

    /// The tokenizer has 290 tokens: an id beyond them has no text to be shown.
    @Test func aRowOfTokensThatTheTokenizerLacksIsADeadLetter() async throws {
        var folder = DelphiFolder()
        folder.tokens[6] = 290
        try folder.write(to: path)
        let built = try await run()
        let letters = try built.store.deadLetters(limit: 9).map(\.letter)
        #expect(letters.map(\.node) == ["cached"] && letters.first?.reason.contains("290") == true)
        #expect(try built.view("cached").totals.contexts == 1)
        try await built.close()
    }

    @Test func aFolderThatIsNoCacheIsNamedAtItsField() throws {
        let found = try graph().diagnostics(file: "t.yaml")
        #expect(found.map(\.code) == [DiagnosticCode.badFile.rawValue])
        #expect(found.first?.message.hasPrefix("cached: \(path): ") == true)
        var folder = DelphiFolder()
        folder.otherTokens = [1, 2, 3, 4, 5, 6, 7, 9]
        try folder.write(to: path)
        let message = try #require(try graph().diagnostics(file: "t.yaml").first?.message)
        #expect(message.contains("the same tokens in every file of a hookpoint"))
    }

    @Test func itStandsForACoderWhoseDirectionsAreNotKnown() throws {
        try DelphiFolder().write(to: path)
        let graph = try graph()
        let node = try #require(graph.all((any GivesCodes).self).first)
        #expect((node.hookpoint, node.place) == ("layers.10", path) && !node.isRandomControl)
        let shape = try node.shape(in: graph)
        // Five activations on eight tokens.
        #expect(shape.latents == 3 && shape.usualActive == 0.625)
        let identity = try node.coderIdentity(in: graph)
        #expect((identity.name, identity.hookpoint, identity.latents) == ("cached", "layers.10", 3))
        #expect(identity.digest == shape.digest)
        #expect(throws: DaemonError.self) { try node.coder(in: graph) }
    }
}
