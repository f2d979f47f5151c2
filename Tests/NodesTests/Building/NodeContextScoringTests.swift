import Dataflow
import Elements
import Evidence
import Lineage
import Observability
import Scoring
import Stages
import Store
import Testing

@testable import Nodes

/// What score nodes decide by, and what they share.
@Suite(.timeLimit(.minutes(5))) struct NodeContextScoringTests {
    private static let words = "  words: { type: explain, explainer: lexical, inputs: [evidence] }\n"

    private func scorer(_ built: BuiltGraph, _ id: String) throws -> any Scores {
        try #require(built.graph.all((any Scores).self).first { $0.id == id })
    }

    @Test(arguments: [
        ("execution", Shuffle.name, ControlPairing.explanations, true, true),
        ("embedding, model: far", Shuffle.name, .explanations, true, true),
        ("detection, model: far", Shuffle.name, .explanations, true, true),
        ("fuzzing, model: far", Shuffle.name, .explanations, true, true),
        ("simulation, model: far", Shuffle.name, .explanations, true, true),
        ("surprisal, model: far", Shuffle.name, .explanations, true, true),
        ("intruder, model: far", "silent_windows", .itself, false, false),
        ("intervention, model: far", Shuffle.name, .latents, false, true),
        ("generation, model: far", Shuffle.name, .explanations, true, true),
    ]) func aMethodsTopicDecidesOnControlsAndComparisons(
        method: String, control: String, pairing: ControlPairing, compares: Bool, drifts: Bool
    ) async throws {
        let built = try PlantedGraph(rows: 4).built(
            Self.words + "  seen: { type: score, method: \(method), inputs: [words], latents: [0, 2], seed: 9 }\n")
        let rule = RoundRule(rescore: 5, recent: true)
        let settings = try built.context.scoreSettings(of: scorer(built, "seen"), rounds: rule)
        #expect((settings.node, settings.latents, settings.seed) == ("seen", [0, 2], 9))
        #expect((settings.control, settings.pairing) == (control, pairing))
        #expect((settings.scoresExplanations, settings.noticesDrift) == (compares, drifts))
        #expect(settings.rounds == rule && settings.gate == nil && !settings.needsPredicate)
        try await built.close()
    }

    @Test func theContextOfAScoreNodeHoldsItsOwnFieldsAndALeaseOfThePool() async throws {
        let built = try PlantedGraph(rows: 4).built(
            Self.words + "  run: { type: score, method: execution, inputs: [words], overlap: keep, seed: 4 }\n"
                + "  told: { type: score, method: detection, model: far, inputs: [words] }\n")
        for (id, overlap, seed) in [("run", HeldOut.Overlap.keep, UInt64(4)), ("told", .drop, 0)] {
            let node = try scorer(built, id)
            let settings = try built.context.scoreSettings(of: node, rounds: .never)
            let scoring = try built.context.scoring(node, settings, tierWindows: 5, timers: StageTimers(node: id))
            #expect((scoring.node, scoring.overlap, scoring.seed) == (id, overlap, seed))
            #expect(scoring.latents == [0, 1, 2] && scoring.tiers == nil && scoring.leases.count == 1)
            #expect(scoring.lineage === built.context.lineage)
        }
        try await built.close()
    }

    @Test func tiersAreDrawnAsTheNodeAsksForThemFromSourcesThatNodesShare() async throws {
        let built = try FileGraph().built(
            Self.words + """
                  run: { type: score, method: execution, inputs: [words], negatives: [neighbour, random, lexical], seed: 3 }
                  told: { type: score, method: detection, model: far, inputs: [words], encoder: far,
                          negatives: [random, semantic] }

                """)
        func drawing(_ id: String, _ count: Int) throws -> (tiers: TierDrawing, leases: Int) {
            let node = try scorer(built, id)
            let settings = try built.context.scoreSettings(of: node, rounds: .never)
            let scoring = try built.context.scoring(node, settings, tierWindows: count, timers: StageTimers(node: id))
            return (try #require(scoring.tiers), scoring.leases.count)
        }
        let (run, told) = (try drawing("run", 12), try drawing("told", 20))
        #expect(run.tiers.tiers == [.lexical, .neighbour] && run.tiers.count == 12 && run.tiers.seed == 3)
        #expect(run.tiers.encoder == nil && run.leases == 2)
        // A lease of the encoder's vectors besides.
        #expect(told.tiers.tiers == [.semantic] && told.tiers.count == 20 && told.leases == 3)
        #expect(told.tiers.encoder?.embedder.name.contains("e") == true)
        #expect(built.library.transports.count == 1)
        #expect(run.tiers.cache.directions === told.tiers.cache.directions)
        try await built.close()
    }

    /// Codes of a cache have no coder behind them, which only the tier of near directions needs.
    @Test func tiersOfCodesWithoutACoderAreDrawnWithoutDirections() async throws {
        let built = try PlantedGraph().built(
            Self.words
                + "  run: { type: score, method: execution, inputs: [words], negatives: [random, lexical], seed: 3 }\n")
        try await built.run()
        let scores = try built.store.scores(of: "run")
        #expect(!scores.isEmpty && scores.allSatisfy { $0.tiers.map(\.tier) == [.random, .lexical] })
        try await built.close()
    }

    /// Detection after execution: what the cheaper node settles costs nothing, and what it leaves is asked.
    @Test(arguments: [("settle_above: 0.8", 3, 0), ("settle_below: 0.2", 0, 3)])
    func whatACheaperNodeSettlesIsNotAsked(field: String, settled: Int, asked: Int) async throws {
        let planted = try PlantedGraph()
        let stages =
            Self.words + """
                  run: { type: score, method: execution, inputs: [words] }
                  told: { type: score, method: detection, model: far, inputs: [words, run], \(field), examples: 5,
                          threshold: 0.6, controls: 0 }

                """
        let built = try planted.built(stages, budget: PlantedGraph.spent)
        try await built.run()
        let scores = try built.store.scores(of: "told")
        #expect(scores.count == settled && scores.allSatisfy { $0.sequential?.settledBy == "run" })
        #expect(scores.allSatisfy { $0.headline == nil && $0.sequential?.verdict == "interpretable" })
        #expect(scores.allSatisfy { $0.sequential?.threshold == 0.6 })
        #expect(try built.store.jobs(of: "told").count { $0.state == .open } == asked)
        #expect(built.progress.reading.waiting["told"] ?? 0 == 0 && built.progress.reading.failures.isEmpty)
        try await built.close()
    }

    /// The scores of an earlier start settle too: their node sends nothing about them any more.
    @Test func storedScoresSettle() async throws {
        let planted = try PlantedGraph()
        let cheap = Self.words + "  run: { type: score, method: execution, inputs: [words] }\n"
        let first = try planted.built(cheap)
        try await first.run()
        try await first.close()
        let second = try planted.built(
            cheap
                + "  told: { type: score, method: fuzzing, model: far, inputs: [words, run], controls: 0, settle_above: 0.8 }\n",
            budget: PlantedGraph.spent)
        try await second.run()
        #expect(try second.store.scores(of: "told").count == 3 && second.store.jobs(of: "told", in: .open).isEmpty)
        #expect(second.progress.reading.scores["run"] == nil)
        try await second.close()
    }
}
