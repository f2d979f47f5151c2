import Corpus
import Dataflow
import Elements
import Explaining
import Lineage
import RecordReading
import Stages
import StateFixtures
import StateNotes
import Store
import Testing
import Tokenization
import Topology

@testable import Nodes

/// The values that nodes are built with, and what is restored before they run.
@Suite(.timeLimit(.minutes(5))) struct NodeContextTests {
    private let planted: PlantedGraph

    init() throws { planted = try PlantedGraph(rows: 8) }

    private static let stages = """
          words: { type: explain, explainer: lexical, inputs: [evidence] }
          run: { type: score, method: execution, inputs: [words] }

        """

    @Test func latentsAreThoseOfTheCoderAbove() async throws {
        let built = try planted.built(Self.stages)
        let words = try #require(built.graph.topology.node("words"))
        #expect(try built.context.latents(.all, of: words) == [0, 1, 2])
        #expect(try built.context.latents(.list([2, 0, 99]), of: words) == [0, 2])
        #expect(try built.context.latents(.range(1..<9), of: words) == [1, 2])
        try await built.close()
    }

    @Test func windowsAreReadByTheTokenizerOfTheSourceOrStageAbove() async throws {
        let built = try planted.built(Self.stages)
        let run = try #require(built.graph.topology.node("run"))
        let tokenizer = try built.context.tokenizer(above: run)
        #expect(tokenizer.text(of: PlantedGraph.planted) == " andising")
        #expect(try built.context.vocabulary(above: run).count == tokenizer.count)
        #expect(try built.context.bos(above: run) == tokenizer.specialToken("<|bos|>"))
        try await built.close()
    }

    @Test func anExplainNodeWorksWithItsFieldsAndTheRunsOwn() async throws {
        let built = try planted.built(Self.stages)
        let words = try #require(built.graph.topology.node("words"))
        let fields = ExplainFields(
            node: words, latents: .list([1]), minimumExamples: 7, waitsForDrain: true, seed: 11)
        let explaining = try built.context.explaining(fields, timers: .init(node: "words"))
        #expect((explaining.node, explaining.latents, explaining.minimumExamples) == ("words", [1], 7))
        #expect(explaining.waitsForDrain && explaining.seed == 11 && explaining.width == 2)
        #expect(explaining.lineage === built.context.lineage && explaining.stop === built.stop)
        try await built.close()
    }

    @Test func whatStandsIsRestoredWithWhatChallengesIt() async throws {
        let built = try planted.built(Self.stages)
        try built.store.record(explanations: [
            Fixture.explanation(1, node: "words"), Fixture.explanation(2, latent: 4, node: "words"),
            Fixture.explanation(
                3, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .grown), node: "words"),
            Fixture.explanation(4, node: "other"),
        ])
        let words = try #require(built.graph.topology.node("words"))
        #expect(built.context.lineage.with { $0.current(of: "words") }.isEmpty)
        try built.context.restore(explainer: words, AgainFields(words).rule)
        let current = built.context.lineage.with { $0.current(of: "words") }
        #expect(Set(current.map(\.job)) == Set([1, 2, 3].map(Fixture.hash)))
        #expect(built.context.lineage.with { $0.current(of: "other") }.isEmpty)
        try await built.close()
    }

    @Test func aGapMarksTheEvidenceAsInexactAndIsTold() async throws {
        let built = try planted.built(Self.stages)
        #expect(try EvidenceFlags.isExact.read(in: built.store) == nil)
        try built.context.gap(of: "cached")("rows are missing")
        #expect(built.heard.notices.last == "cached: rows are missing")
        #expect(try EvidenceFlags.isExact.read(in: built.store) == false)
        try await built.close()
        // A run that cannot note it must not go on.
        #expect(throws: StoreError.self) { try built.context.gap(of: "cached")("rows are missing") }
    }

    @Test func aSourceGoesOnFromItsOwnFences() async throws {
        let built = try planted.built(Self.stages)
        let source = StdinRecordSource(node: "cached", timestamp: 0, maximumBytes: 9)
        let fences = [Fixture.fence("cached", next: 3), Fixture.fence("other", next: 5)]
        let stage = built.context.sourceStage(
            "cached", source, RecordDecoder(format: .json, node: "cached", maximumBytes: 9), fences: fences,
            timers: .init(node: "cached"))
        #expect(stage.fences == [fences[0]] && stage.node == "cached" && stage.endsWhenDrained)
        #expect(stage.stop === built.stop && stage.coordinator === built.coordinator)
        try await built.close()
    }

    /// The note follows the graph: reports of the next start must not take trained directions for random ones.
    @Test func randomCodersAreNotedUntilTheyAreNoMore() async throws {
        let fixture = try GraphFixture()
        let store = try fixture.directory.store()
        try ControlCoders.note(in: fixture.graph(encode: "coder: random, like: \(TinyModel.coder)"), notes: store)
        #expect(try RandomCoders.note.read(in: store) == ["codes"])
        try ControlCoders.note(in: fixture.graph(), notes: store)
        #expect(try RandomCoders.note.read(in: store) == nil)
        let several = """
              chance: { type: encode, inputs: [residual], hookpoint: layers.0, coder: random, like: \(TinyModel.coder) }
              cells: { type: encode, inputs: [residual], hookpoint: layers.0, coder: neurons }

            """
        try ControlCoders.note(in: fixture.graph(stages: several), notes: store)
        #expect(try RandomCoders.note.read(in: store) == ["chance"])
        try store.close()
    }
}
