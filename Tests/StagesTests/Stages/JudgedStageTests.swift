import Dataflow
import Elements
import Evidence
import Hashing
import Inference
import Jobs
import Lineage
import Observability
import Running
import Scoring
import StateFixtures
import Store
import Synchronization
import Testing
import Topology

@testable import Stages

/// Judged score nodes, each session a process of its own on what the one before left on disk.
@Suite(.timeLimit(.minutes(5))) struct JudgedStageTests {
    /// One process.
    struct Session {
        let store: Store
        let stop = StopSignal()
        let progress = RunProgress()
        let metrics: RunMetrics
        let timers = StageTimers(node: "judged")
        private let lineage = SharedLineage()
        private let cascade: Cascade?
        private let controls: Int

        init(_ directory: TemporaryDirectory, controls: Int = 0, gate: CascadeGate? = nil) throws {
            store = try directory.store()
            metrics = RunMetrics(progress: progress, version: "", topology: "", digest: "")
            self.controls = controls
            cascade = gate.map { Cascade(gate: $0, method: "detection", threshold: 0.75) }
            var settings = ScoreNodeSettings(node: "judged", latents: Set(0..<50), seed: 1, control: Shuffle.name)
            settings.controls = controls
            settings.gate = gate
            let (explanations, choices) = (try store.explanations(of: "lexical"), try store.choices(of: "lexical"))
            let (chosen, scores) = (settings, try store.scores(of: "judged"))
            lineage.with {
                $0.restore(
                    explainer: "lexical", rule: ReexplanationRule(), explanations: explanations,
                    choices: choices.map(\.choice))
                $0.restore(scorer: chosen, reading: ["lexical"], scores: scores)
            }
        }

        /// What the explain node tells at first: what stands, and what challenges it.
        var stored: JudgedInput { .explanations(.explanations(lineage.with { $0.current(of: "lexical") }, update)) }

        var update: EvidenceUpdate { EvidenceUpdate(view: BlankView(), epoch: 2, isCaughtUp: true) }

        @discardableResult
        func run(
            _ inputs: [JudgedInput], _ script: ScoreScript, work: JudgedWork<ScriptedPlan>? = nil,
            judge: any LanguageModelClient = FixedJudge(), priority: JobPriority = JobPriority(), concurrency: Int = 1
        ) async throws -> [Flow<ScoreBatch>] {
            let compute = ComputePool<Void>(name: "compute", threads: 1)
            var context = ScoringContext(
                node: "judged", latents: Set(0..<50), overlap: .drop, seed: 1, tiers: nil, lineage: lineage,
                pools: PoolCache(compute: compute),
                jobStore: Fixture.jobStore(store, progress: progress, metrics: metrics),
                compute: compute, width: 1, stop: stop, timers: timers)
            context.priority = priority
            let stage = JudgedStage(
                context: context, judge: judge, method: "detection", work: work ?? script.work, cascade: cascade,
                concurrency: concurrency)
            let flows = try await results(of: stage, given: inputs.map { .batch($0) }, timers: timers)
            return flows
        }

        func states() throws -> [JobState: Int] {
            try store.jobs(of: "judged").reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
        }
    }

    private func explain(_ numbers: ClosedRange<UInt64>, in directory: TemporaryDirectory) throws {
        let store = try directory.store()
        try store.record(explanations: numbers.map { Fixture.explanation($0, latent: Int($0)) })
        try store.close()
    }

    /// An explanation that stands and one that challenges it.
    private func challenge(in directory: TemporaryDirectory) throws {
        let store = try directory.store()
        try store.record(explanations: [
            Fixture.explanation(1),
            Fixture.explanation(2, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .grown)),
        ])
        try store.close()
    }

    @Test func whatAStopKeepsFromBeingPlannedComesAgainAtTheNextStart() async throws {
        let directory = try TemporaryDirectory()
        try explain(1...20, in: directory)
        let first = try Session(directory)
        let stop = first.stop
        try await first.run([first.stored], ScoreScript(whenPlanning: { if $0 == 9 { stop.raise() } }))
        // The plans under way are written down, and no more are made.
        #expect(try first.store.jobs(of: "judged").count == 2 * BatchSizes.judgedAtOnce)
        try first.store.close()

        let second = try Session(directory)
        try await second.run([second.stored], ScoreScript())
        #expect(try second.states() == [.done: 20])
        #expect(Set(try second.store.scores().map(\.explanation)).count == 20)
        try second.store.close()
    }

    @Test func aSpentBudgetHoldsJobsForAStartWithALargerOne() async throws {
        let directory = try TemporaryDirectory()
        try explain(1...4, in: directory)
        func judge(_ book: BudgetLedger, _ session: Session) -> MeteredModel<FixedJudge> {
            MeteredModel(
                judge: FixedJudge(), label: "judge",
                metrics: RunMetrics(progress: session.progress, version: "", topology: "", digest: ""),
                account: ModelAccount(model: "fixed", prices: nil, book: book))
        }
        func script(_ book: BudgetLedger) -> ScoreScript {
            ScoreScript(value: { _ in
                book.charge("fixed", prices: nil, tokensIn: 100, tokensOut: 7, tokensCached: 0)
                return 0.75
            })
        }
        let first = try Session(directory)
        let small = BudgetLedger(budget: Budget(tokens: 50, cost: nil))
        try await first.run([first.stored], script(small), judge: judge(small, first))
        #expect(try first.states() == [.done: 1, .open: 3])
        #expect(first.progress.reading.held["judged"] == 3)
        try first.store.close()

        let second = try Session(directory)
        let large = BudgetLedger(budget: Budget(tokens: 5000, cost: nil))
        try await second.run([second.stored], script(large), judge: judge(large, second))
        #expect(try second.states() == [.done: 4])
        try second.store.close()
    }

    /// Evidence in which latents have a firing mass by a rule.
    private func input(_ session: Session, mass: (Int) -> Double) throws -> JudgedInput {
        let explanations = try session.store.explanations(of: "lexical")
        let evidence = explanations.map { explanation in
            LatentEvidence(
                latent: explanation.latent,
                statistics: LatentStatistics(
                    tokensFired: 9, windowsFired: 100, sum: mass(explanation.latent), sumOfSquares: 0, maximum: 1,
                    histogram: []), train: [], top: [], test: [], recent: [])
        }
        return .explanations(
            .explanations(explanations, EvidenceUpdate(view: FixedView(evidence), epoch: 2, isCaughtUp: true)))
    }

    @Test(arguments: [1, 3])
    func explanationsAreJudgedInTheOrderOfTheirWorthWhateverTheNumberOfWorkers(workers: Int) async throws {
        // More than are planned at a time.
        let masses = { (latent: Int) in Double(latent * 29 % 47) }
        for (rule, order) in [
            (JobPriority.Rule.firing, (1...40).sorted { masses($0) > masses($1) }),
            (.rarest, (1...40).sorted { masses($0) < masses($1) }),
        ] {
            let directory = try TemporaryDirectory()
            try explain(1...40, in: directory)
            let session = try Session(directory)
            let script = ScoreScript()
            try await session.run(
                [try input(session, mass: masses)], script, priority: JobPriority(rule), concurrency: workers)
            let latents = script.explanations.compactMap { id in (1...40).first { Fixture.hash(UInt64($0)) == id } }
            // Of those that are under way together any may be asked about first.
            for (place, latent) in latents.enumerated() {
                let wanted = try #require(order.firstIndex(of: latent))
                #expect(abs(place - wanted) < workers)
            }
            #expect(latents.count == 40)
            try session.store.close()
        }
    }

    @Test func aFailingJudgeFailsTheJobAbstainsAndIsAskedAgainAtTheNextStart() async throws {
        let directory = try TemporaryDirectory()
        try challenge(in: directory)
        let first = try Session(directory)
        try await first.run(
            [first.stored],
            ScoreScript(value: { job in
                guard job != Fixture.hash(2) else { throw ScoringError(.judgeFailed, "no verdicts") }
                return 0.5
            }))
        #expect(try first.states()[.failed] == 1 && first.progress.reading.failures["judged"] == 1)
        let choices = try first.store.choices().map(\.choice)
        #expect(choices.map(\.outcome) == [.kept])
        #expect(choices.first?.scores == [PairedScore(node: "judged", standing: nil, challenger: nil, look: 1)])
        try first.store.close()

        let second = try Session(directory)
        let script = ScoreScript()
        try await second.run([second.stored], script)
        #expect(script.explanations == [Fixture.hash(2)])
        #expect(try second.states()[.failed] == nil)
        #expect(try second.store.choices().map(\.choice) == choices)
        try second.store.close()
    }

    @Test func aComparisonAcrossARestartIsDecidedOnce() async throws {
        let directory = try TemporaryDirectory()
        try challenge(in: directory)
        let first = try Session(directory)
        let stop = first.stop
        // Told to stop while the first of the two is being scored.
        let half = ScoreScript(value: { job in
            stop.raise()
            return job == Fixture.hash(1) ? 0.5 : 0.75
        })
        try await first.run([first.stored], half)
        #expect(half.explanations == [Fixture.hash(1)])
        #expect(try first.store.choices().isEmpty)
        try first.store.close()

        for _ in 0..<2 {
            let session = try Session(directory)
            try await session.run([session.stored], ScoreScript(value: { $0 == Fixture.hash(1) ? 0.5 : 0.75 }))
            let choices = try session.store.choices().map(\.choice)
            #expect(choices.map(\.outcome) == [.replaced])
            let scores = try #require(choices.first?.scores)
            #expect(scores.map(\.standing) == [0.5] && scores.map(\.challenger) == [0.75])
            #expect(scores.map(\.look) == [1] && scores.map(\.windows) == [40])
            try session.store.close()
        }
    }

    @Test func whatNoCheaperScoreSettlesIsLeftToTheJudgeOnceTheirNodeHasEnded() async throws {
        let directory = try TemporaryDirectory()
        try explain(1...3, in: directory)
        let gate = CascadeGate(gates: ["meant"], below: 0.6, above: 0.8)
        let session = try Session(directory, gate: gate)
        let script = ScoreScript()
        try await session.run(
            [session.stored, .scores(.scores([Fixture.score(1, 0.95, node: "meant")], node: "meant"))], script)
        #expect(Set(script.explanations) == [Fixture.hash(2), Fixture.hash(3)])
        let scores = try session.store.scores()
        #expect(scores.count == 3)
        #expect(scores.first { $0.explanation == Fixture.hash(1) }?.sequential?.settledBy == "meant")
        try session.store.close()
    }

    @Test func controlsComeAfterWhatTheyAreControlsOf() async throws {
        let directory = try TemporaryDirectory()
        try explain(1...6, in: directory)
        let session = try Session(directory, controls: 4)
        try await session.run([session.stored, .explanations(.settled(epoch: 2, by: "lexical"))], ScoreScript())
        let scores = try session.store.scores()
        #expect(scores.count == 10 && scores.count { $0.control == Shuffle.name } == 4)
        #expect(scores.allSatisfy { ($0.control == nil) == ($0.round != nil) })
        try session.store.close()
    }

    @Test func askingCountsAsBusyAndAllTimersMove() async throws {
        let directory = try TemporaryDirectory()
        try explain(1...2, in: directory)
        let first = try Session(directory)
        first.stop.raise()
        try await first.run([first.stored], ScoreScript())
        #expect(try first.states() == [.open: 2] && first.timers.reading.busy > .zero)
        try first.store.close()

        // Nothing is planned any more: whatever is busy is the asking.
        let second = try Session(directory)
        let flows = try await second.run([], ScoreScript())
        #expect(flows.count == 2)
        let reading = second.timers.reading
        #expect(reading.busy > .zero && reading.starved > .zero && reading.blocked > .zero)
        #expect(reading.batches == 2)
        try second.store.close()
    }
}
