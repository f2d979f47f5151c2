import Dataflow
import Elements
import Evidence
import Explaining
import Foundation
import Hashing
import Observability
import Reports
import Scoring
import StateFixtures
import Store
import Testing

@testable import Daemon
@testable import Serving

/// A stream that changes what a planted latent responds to, an epoch at a time.
///
/// Every epoch is a process of its own, opened on what the one before left on disk.
@Suite struct ContinuityStageTests {
    /// Texts ` w0`, ` w1`, … that share no shape.
    private struct Words: TextTokenizer {
        let texts = (0..<400).map { Array(" w\($0)".utf8) }

        var count: Int { texts.count }
        func bytes(of token: UInt32) -> [UInt8] { Int(token) < texts.count ? texts[Int(token)] : [] }
        func isSpecial(_ token: UInt32) -> Bool { false }
        func encode(_ text: String) -> [UInt32] { [] }
        func specialToken(_ text: String) -> UInt32? { nil }
    }

    /// Contexts of one window; the latent fires at every token of `planted`, as strongly in the end as at the beginning.
    private struct Stream {
        static let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 4, digest: Fixture.hash(3))
        private var reservoir: Reservoir
        private var state: UInt64 = 0x9e37_79b9
        private var documents: UInt64 = 0
        private(set) var epoch: UInt64 = 0

        init() throws {
            reservoir = Reservoir(
                settings: try ReservoirSettings(window: 16, sample: 64, top: 4, pool: 512, recent: 32, seed: 7),
                coder: Self.coder)
        }

        private mutating func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }

        /// Reads so many contexts of a day and returns the evidence as it is then.
        mutating func read(_ count: Int, day: Int64, planted: Set<UInt32>) throws -> EvidenceUpdate {
            var contexts: [Context] = []
            var starts = [0]
            var activations: [Float] = []
            for _ in 0..<count {
                documents += 1
                let tokens = (0..<16).map { _ in UInt32(draw(400)) }
                contexts.append(
                    Context(
                        tokens: tokens, document: Fixture.hash(documents), timestamp: day * 86_400_000, source: nil))
                for token in tokens {
                    if planted.contains(token) { activations.append(1 + Float(draw(64)) / 16) }
                    starts.append(activations.count)
                }
            }
            try reservoir.absorb(
                CodeBatch(
                    contexts: contexts, rowStarts: starts, latents: activations.map { _ in 0 },
                    activations: activations))
            epoch += 1
            return EvidenceUpdate(view: reservoir.view(), epoch: epoch, isCaughtUp: true)
        }
    }

    /// One process: an explain node and two score nodes on a state directory.
    private struct Session {
        let store: Store
        let succession: Succession
        private let ledger: JobLedger
        private let compute = ComputePool<Void>(name: "compute", threads: 1)
        private let desks: [ContestDesk]
        private static let scorers = ["executed", "twin"]

        init(_ directory: TemporaryDirectory, rule: AgainRule = AgainRule()) throws {
            store = try directory.store()
            let progress = RunProgress()
            ledger = JobLedger(
                store: store, disk: ComputePool<Void>(name: "disk", threads: 1), progress: progress, targets: [:],
                metrics: RunMetrics(progress: progress, version: "", topology: "", digest: ""),
                spend: SpendBook(budget: nil), onRecorded: {})
            let (store, all) = (store, Successions())
            succession = try Succession(of: "lexical", rule: rule, store: store)
            all["lexical"] = succession
            for scorer in Self.scorers { succession.with { $0.register(scorer, latents: [0]) } }
            desks = try Self.scorers.map {
                ContestDesk(node: $0, successions: all, scores: try store.scores(of: $0))
            }
        }

        /// Explains, then has the first `count` score nodes score.
        func run(_ update: EvidenceUpdate, scorers count: Int = 2) async throws {
            let explained = try await results(
                of: LexicalStage(
                    node: "lexical", settings: LexicalSettings(), seed: 7, latents: [0], waitsForDrain: false,
                    text: Words(), vocabulary: LexicalVocabulary(text: Words()), succession: succession,
                    ledger: ledger, compute: compute, width: 1, stop: StopSignal(),
                    timers: StageTimers(node: "lexical")), given: [.batch(update)])
            for desk in desks.prefix(count) {
                _ = try await results(
                    of: ExecutionStage(
                        node: Self.scorers[desks.firstIndex { $0 === desk } ?? 0], latents: [0], overlap: .drop,
                        seed: 7, vocabulary: LexicalVocabulary(text: Words()), tiers: nil,
                        rounds: RoundRule(rescore: 2, recent: true), desk: desk,
                        pools: PoolShelf(compute: compute), ledger: ledger, compute: compute, width: 1,
                        stop: StopSignal(), timers: StageTimers(node: "executed")), given: explained)
            }
        }

        func close() throws { try store.close() }

        private func results<Operator: Stage>(
            of stage: Operator, given flows: [Flow<Operator.Input>]
        ) async throws -> [Flow<Operator.Output>] {
            let timers = StageTimers(node: "test")
            let feeder = OutputPort<Operator.Input>(timers: timers)
            let input = InputPort<Operator.Input>(capacity: 1 << 20, timers: timers)
            let output = OutputPort<Operator.Output>(timers: timers)
            let sink = InputPort<Operator.Output>(capacity: 1 << 20, timers: timers)
            feeder.connect(to: input.connect())
            output.connect(to: sink.connect())
            async let fed: Void = feeder.whole { for flow in flows { try await feeder.send(flow) } }
            async let ran: Void = output.whole { try await stage.run(from: input, into: output) }
            var results: [Flow<Operator.Output>] = []
            for try await flow in sink { results.append(flow) }
            _ = try await (fed, ran)
            return results
        }
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
        var stream = try Stream()
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
        #expect(CurrentEstimate.hasFallen(current, below: accepted))

        let third = try await epoch(50, day: 10, planted: Self.after)
        #expect(third.explanations.count == 2)
        let challenger = try #require(third.explanations.last)
        #expect(challenger.provenance.again == ExplainedAgain(standing: first.explanations[0].job, reason: .fallen))
        let choice = try #require(third.choices.first)
        #expect(third.choices.count == 1 && choice.outcome == .replaced && choice.epoch == 3)
        #expect(choice.scores.map(\.node) == ["executed", "twin"])
        #expect(choice.scores.allSatisfy { ($0.standing ?? 1) < ($0.challenger ?? 0) })
        #expect(third.texts == [challenger.text] && challenger.text != first.texts.first)
        // The two were scored on as many windows of each class.
        let contest = third.scores.filter { $0.round?.contest == challenger.job && $0.node == "executed" }
        #expect(contest.count == 2 && Set(contest.map(\.judged)).count == 1)
        #expect(Set(contest.map { $0.details["true_positive_rate"]?.count }).count == 1)

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
            var stream = try Stream()
            var sessions = [
                (try stream.read(800, day: 0, planted: Self.before), 2),
                (try stream.read(600, day: 10, planted: Self.after), 2),
            ]
            let last = try stream.read(50, day: 10, planted: Self.after)
            sessions += interrupted ? [(last, 0), (last, 0), (last, 1), (last, 1), (last, 2)] : []
            sessions.append((last, 2))
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
        var stream = try Stream()
        var explained: [Explanation] = []
        for (count, day, planted) in [(800, 0, Self.before), (600, 10, Self.after), (6000, 11, Self.after)] {
            let session = try Session(directory, rule: AgainRule(regrowth: 0, drift: false))
            try await session.run(try stream.read(count, day: Int64(day), planted: planted))
            explained = try session.store.explanations()
            try session.close()
        }
        #expect(explained.count == 1)
    }
}
