import Dataflow
import Elements
import Evidence
import Hashing
import Inference
import Lineage
import Observability
import Running
import Scoring
import StateFixtures
import Store

@testable import Stages

/// A node that scores at once and one that asks a judge, as one process on a state directory.
struct TwoScorers {
    let store: Store
    let stop = StopSignal()
    let progress = RunProgress()
    let lineage = SharedLineage()
    private let gate: CascadeGate?

    /// - Parameter gate: The cheaper scores that settle explanations before the judge is asked.
    init(_ directory: TemporaryDirectory, gate: CascadeGate? = nil) throws {
        store = try directory.store()
        self.gate = gate
        let (explanations, choices) = (try store.explanations(of: "lexical"), try store.choices(of: "lexical"))
        lineage.with {
            $0.restore(
                explainer: "lexical", rule: ReexplanationRule(), explanations: explanations,
                choices: choices.map(\.choice))
        }
        for node in ["quick", "judged"] {
            var settings = ScoreNodeSettings(node: node, latents: [3], seed: 1, control: Shuffle.name)
            settings.controls = 0
            if node == "judged" { settings.gate = gate }
            let (chosen, scores) = (settings, try store.scores(of: node))
            lineage.with { $0.restore(scorer: chosen, reading: ["lexical"], scores: scores) }
        }
    }

    private func context(_ node: String, _ compute: ComputePool<Void>) -> ScoringContext {
        ScoringContext(
            node: node, latents: [3], overlap: .drop, seed: 1, tiers: nil, lineage: lineage,
            pools: PoolCache(compute: compute), jobStore: Fixture.jobStore(store, progress: progress),
            compute: compute, width: 1, stop: stop, timers: StageTimers(node: node))
    }

    /// Has both score what stands and what challenges it, until no more comes.
    ///
    /// - Parameter value: What both make of an explanation.
    func run(
        _ work: JudgedWork<ScriptedPlan>, judge: any LanguageModelClient = FixedJudge(),
        value: @escaping @Sendable (JobID) throws -> Double
    ) async throws {
        let compute = ComputePool<Void>(name: "compute", threads: 1)
        let timers = StageTimers(node: "test")
        let explained = OutputPort<ExplanationBatch>(timers: timers)
        let (quickInput, judgedInput) = (
            InputPort<ExplanationBatch>(capacity: 1 << 20, timers: timers),
            InputPort<JudgedInput>(capacity: 1 << 20, timers: timers)
        )
        let (quick, judged) = (OutputPort<ScoreBatch>(timers: timers), OutputPort<ScoreBatch>(timers: timers))
        explained.connect(to: quickInput.connect())
        explained.connect(to: judgedInput.connect { .explanations($0) })
        if gate != nil { quick.connect(to: judgedInput.connect { .scores($0) }) }
        let cascade = gate.map { Cascade(gate: $0, method: "detection", threshold: 0.75) }
        let stage = JudgedStage(
            context: context("judged", compute), judge: judge, method: "detection", work: work, cascade: cascade,
            concurrency: 1)
        let scoring = HeldOutScoring(context: context("quick", compute), output: quick, chunk: 4) { requests, _, _ in
            try requests.map { try Self.score($0, value($0.explanation.job)) }
        }
        let current = lineage.with { $0.current(of: "lexical") }
        let update = EvidenceUpdate(view: BlankView(), epoch: 2, isCaughtUp: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await explained.whole { try await explained.send(.explanations(current, update)) } }
            group.addTask { try await quick.whole { try await scoring.run(from: quickInput) } }
            group.addTask { try await judged.whole { try await stage.run(from: judgedInput, into: judged) } }
            try await group.waitForAll()
        }
    }

    private static func score(_ request: ScoreRequest, _ value: Double) throws -> Score {
        Score(
            job: request.explanation.job, node: "quick", method: "detection", coder: request.explanation.coder,
            latent: request.own.latent, explanation: request.explanation.job, explainedBy: request.explanation.node,
            text: request.explanation.text,
            headline: Estimate(value: value, lower: value - 0.05, upper: value + 0.05, count: 40), details: [:],
            judged: 40, failed: 0, tokensIn: 0, tokensOut: 0, control: request.control)
    }

    /// What is on disk: for each node the parts of the windows that explanations were scored on, and the choices.
    func stored() throws -> (scores: [String: [String]], choices: [Choice]) {
        let scores = try store.scores().reduce(into: [String: [String]]()) { found, score in
            let number = (1...9).first { Fixture.hash($0) == score.explanation } ?? 0
            let part = score.round.map { $0.contest == nil ? $0.isReporting ? "rest" : "all" : "look \($0.look)" }
            found[score.node, default: []].append("\(number) \(part ?? "")")
        }
        return (scores.mapValues { $0.sorted() }, try store.choices().map(\.choice))
    }

    /// An explanation that stands, and one that challenges it.
    static func challenge(in directory: TemporaryDirectory) throws {
        let store = try directory.store()
        try store.record(explanations: [
            Fixture.explanation(1),
            Fixture.explanation(2, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .grown)),
        ])
        try store.close()
    }
}
