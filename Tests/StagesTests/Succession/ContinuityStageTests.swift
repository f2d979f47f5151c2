import Dataflow
import Elements
import Evidence
import Explaining
import Foundation
import Hashing
import Jobs
import LatentSheets
import Lineage
import Observability
import Reports
import Running
import Scoring
import StateFixtures
import Store
import Testing

@testable import Stages

/// A stream that changes what a planted latent responds to, an epoch at a time.
///
/// Every epoch is a process of its own, opened on what the one before left on disk.
@Suite struct ContinuityStageTests {
    /// One process: an explain node and two score nodes on a state directory.
    private struct Session {
        let store: Store
        private let lineage = SharedLineage()
        private let jobStore: JobStore
        private let compute = ComputePool<Void>(name: "compute", threads: 1)
        private static let scorers = ["executed", "twin"]

        init(_ directory: TemporaryDirectory, rule: ReexplanationRule = ReexplanationRule()) throws {
            store = try directory.store()
            jobStore = Fixture.jobStore(store)
            let (explanations, choices) = (try store.explanations(of: "lexical"), try store.choices(of: "lexical"))
            lineage.with {
                $0.restore(
                    explainer: "lexical", rule: rule, explanations: explanations, choices: choices.map(\.choice))
            }
            for scorer in Self.scorers {
                var settings = ScoreNodeSettings(node: scorer, latents: [0], seed: 7, control: Shuffle.name)
                settings.needsPredicate = true
                settings.rounds = RoundRule(rescore: 2, recent: true)
                let (chosen, scores) = (settings, try store.scores(of: scorer))
                lineage.with { $0.restore(scorer: chosen, reading: ["lexical"], scores: scores) }
            }
        }

        /// Explains, then has the first `count` score nodes score.
        func run(_ update: EvidenceUpdate, scorers count: Int = 2) async throws {
            let stop = StopSignal()
            let explained = try await results(
                of: LexicalStage(
                    context: ExplainContext(
                        node: "lexical", latents: [0], minimumExamples: LexicalSettings().minimumExamples,
                        waitsForDrain: false, seed: 7, lineage: lineage, jobStore: jobStore, compute: compute, width: 1,
                        stop: stop, timers: StageTimers(node: "lexical")),
                    settings: LexicalSettings(), tokenizer: PlantedWords(),
                    vocabulary: LexicalVocabulary(tokenDecoder: PlantedWords())),
                given: [.batch(update)])
            // A node that does not run says so; those that do wait for each other.
            for scorer in Self.scorers.dropFirst(count) { _ = lineage.tell(.closed, at: scorer) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for scorer in Self.scorers.prefix(count) {
                    let stage = ExecutionStage(
                        context: ScoringContext(
                            node: scorer, latents: [0], overlap: .drop, seed: 7, tiers: nil, lineage: lineage,
                            pools: PoolCache(compute: compute), jobStore: jobStore, compute: compute, width: 1,
                            stop: stop, timers: StageTimers(node: scorer)),
                        vocabulary: LexicalVocabulary(tokenDecoder: PlantedWords()), tokenDecoder: PlantedWords())
                    group.addTask { _ = try await results(of: stage, given: explained) }
                }
                try await group.waitForAll()
            }
        }

        func close() throws { try store.close() }
    }

    private static let before: Set<UInt32> = [5, 6, 7]
    private static let after: Set<UInt32> = [50, 51, 52]

    /// What is on disk when all is over.
    private struct Outcome: Equatable {
        let explanations: [Explanation]
        let scores: [Score]
        let choices: [Choice]
        let texts: [String]

        init(_ store: Store) throws {
            explanations = try store.explanations().sorted { $0.provenance.epoch < $1.provenance.epoch }
            scores = try store.scores()
            choices = try store.choices().map(\.choice)
            texts = StandingResults(explanations: explanations, scores: scores, choices: choices).explanations
                .map(\.text)
        }
    }

    @Test func aLatentThatChangesIsExplainedAgainOnceItsCurrentScoreHasFallen() async throws {
        let directory = try TemporaryDirectory()
        // A sixth of the test windows is looked at a time: few tell little.
        var stream = try PlantedStream(sample: 512)
        func epoch(_ count: Int, day: Int64, planted: Set<UInt32>) async throws -> Outcome {
            let session = try Session(directory)
            try await session.run(try stream.read(count, day: day, planted: planted))
            defer { withExtendedLifetime(session) {} }
            let outcome = try Outcome(session.store)
            try session.close()
            return outcome
        }
        let first = try await epoch(800, day: 0, planted: Self.before)
        #expect(first.explanations.count == 1 && first.choices.isEmpty)
        let score = try #require(first.scores.first { $0.node == "executed" })
        let accepted = try #require(score.headline)
        #expect(accepted.value > 0.95 && score.round?.epoch == 1)

        // The stream changes: nothing is explained again yet, but what is scored now is worse than what was.
        let second = try await epoch(600, day: 10, planted: Self.after)
        #expect(second.explanations.count == 1)
        let later = try #require(second.scores.first { $0.node == "executed" && $0.round?.epoch == 2 })
        let (current, allTime) = (try #require(later.details["current"]), try #require(later.headline))
        #expect(current.value < allTime.value && allTime.value < accepted.value)
        #expect(current.hasDrifted(below: accepted))

        let third = try await epoch(50, day: 10, planted: Self.after)
        #expect(third.explanations.count == 2)
        let challenger = try #require(third.explanations.last)
        #expect(challenger.provenance.again == ExplainedAgain(standing: first.explanations[0].job, reason: .fallen))
        let choice = try #require(third.choices.first)
        #expect(third.choices.count == 1 && choice.outcome == .replaced && choice.epoch == 3)
        #expect(Set(choice.scores.map(\.node)) == ["executed", "twin"])
        #expect(choice.scores.allSatisfy { ($0.standing ?? 1) < ($0.challenger ?? 0) })
        #expect(third.texts == [challenger.text] && challenger.text != first.texts.first)
        // The two were scored on as many windows of each class.
        let contest = third.scores.filter {
            $0.round?.contest == challenger.job && $0.round?.look == 1 && $0.node == "executed"
        }
        #expect(contest.count == 2 && Set(contest.map(\.judged)).count == 1)
        #expect(Set(contest.map { $0.details["true_positive_rate"]?.count }).count == 1)

        // The headline of what stands now comes from windows that decided nothing.
        let plain = try #require(
            third.scores.first { $0.explanation == challenger.job && $0.round?.contest == nil })
        #expect(try #require(plain.headline).value > 0.9)
        // A little more of the same calls for nothing, and neither does the same evidence once more.
        let fourth = try await epoch(10, day: 10, planted: Self.after)
        #expect(fourth.explanations == third.explanations && fourth.choices == third.choices)

        // Four times as much does, and what stands by then knows the new tokens best.
        let fifth = try await epoch(6000, day: 11, planted: Self.after)
        #expect(fifth.explanations.last?.provenance.again?.reason == .grown)
        #expect(fifth.choices.count == 2)
        let kept = LatentHistory(
            explanations: fifth.explanations.map { DatedExplanation(explanation: $0, made: 0) },
            choices: fifth.choices.map { StoredChoice(choice: $0, made: 0) })
        #expect(kept.past.count == fifth.explanations.count - 1)
    }

    /// Killed behind the explanation, behind the scores of one node, and not at all: one and the same decision.
    @Test func aProcessKilledOnTheWayDecidesOnceAndTheSame() async throws {
        func run(interrupted: Bool) async throws -> Outcome {
            let directory = try TemporaryDirectory()
            var stream = try PlantedStream(sample: 512)
            var sessions = [
                (try stream.read(800, day: 0, planted: Self.before), 2),
                (try stream.read(600, day: 10, planted: Self.after), 2),
            ]
            let last = try stream.read(50, day: 10, planted: Self.after)
            sessions += interrupted ? [(last, 0), (last, 0), (last, 1), (last, 1), (last, 2)] : []
            // The winner's own score is owed once it stands.
            sessions += [(last, 2), (last, 2)]
            var outcome: Outcome?
            for (update, scorers) in sessions {
                let session = try Session(directory)
                try await session.run(update, scorers: scorers)
                outcome = try Outcome(session.store)
                try session.close()
            }
            return try #require(outcome)
        }
        let whole = try await run(interrupted: false)
        let killed = try await run(interrupted: true)
        #expect(whole.choices.count == 1 && whole.choices.first?.outcome == .replaced)
        #expect(killed == whole)
    }

    @Test func whereNeverIsAskedForNothingIsExplainedAgain() async throws {
        let directory = try TemporaryDirectory()
        var stream = try PlantedStream()
        var explained: [Explanation] = []
        for (count, day, planted) in [(800, 0, Self.before), (600, 10, Self.after), (6000, 11, Self.after)] {
            let session = try Session(directory, rule: ReexplanationRule(regrowth: 0, drift: false))
            try await session.run(try stream.read(count, day: Int64(day), planted: planted))
            explained = try session.store.explanations()
            try session.close()
        }
        #expect(explained.count == 1)
    }
}
