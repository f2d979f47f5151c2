import Dataflow
import Elements
import Inference
import Jobs
import Lineage
import Running
import Scoring
import Stages
import Store
import Topology

extension NodeContext {
    /// The rule that decides what a score node scores.
    func scoreSettings<Definition: Scores>(of definition: Definition, rounds: RoundRule) throws -> ScoreNodeSettings {
        let topic = Definition.scoring.topic
        var settings = ScoreNodeSettings(
            node: definition.id, latents: Set(try latents(definition.latents, of: definition.node)),
            seed: definition.seed, control: topic.control)
        settings.rounds = rounds
        settings.pairing = topic.pairing
        settings.scoresExplanations = topic.compares
        settings.noticesDrift = topic.blamesExplanations
        return settings
    }

    /// Restores a score node's scores and comparisons, and returns the values that it works with; blocks.
    ///
    /// From then on, an explanation is not replaced before this node has scored. It needs at most `tierWindows` windows
    /// of each further tier of negatives.
    ///
    /// - Throws: `CancellationError` if the daemon was asked to stop before it has read all.
    func scoring(
        _ definition: some Scores, _ settings: ScoreNodeSettings, tierWindows: Int, timers: StageTimers
    ) throws -> ScoringContext {
        let node = definition.node
        let scores = try storedScores(of: node.id)
        lineage.with { $0.restore(scorer: settings, reading: node.inputs.map(\.node), scores: scores) }
        let tiers = try tiers(of: definition, count: tierWindows, timers: timers)
        let pools = try pools(above: node)
        return ScoringContext(
            node: node.id, latents: settings.latents, overlap: definition.overlap, seed: definition.seed, tiers: tiers,
            lineage: lineage, pools: pools, jobStore: jobStore, compute: compute, width: options.cores, stop: stop,
            timers: timers, leases: [pools.lease()] + (tiers?.leases() ?? []))
    }

    /// The scores of a node with what decides what stands.
    private func storedScores(of node: String) throws -> [Score] {
        let details = ResultParts.Details(Lineage.scoreDetails, compared: Lineage.comparedDetails)
        return try stored { try $0.scores(of: node, details: details, while: $1) }
    }

    /// The pool of the reservoir that a score node descends from, shared by all that score on it.
    private func pools(above node: Node) throws -> PoolCache {
        library.pools(of: try graph.reservoir(above: node), compute: compute)
    }

    /// The drawing of a score node's further tiers of negatives, `count` windows of each; `nil` if it asks for none.
    private func tiers(of definition: some Scores, count: Int, timers: StageTimers) throws -> TierDrawing? {
        guard let negatives = definition.negatives, !negatives.tiers.isEmpty else { return nil }
        let node = definition.node
        return TierDrawing(
            tiers: negatives.tiers, count: count, overlap: definition.overlap, seed: definition.seed,
            cache: try library.negativeTiers(of: graph.codes(above: node), compute: compute, stop: stop),
            pools: try pools(above: node),
            encoder: try negatives.encoder.map { try library.embeddings($0, compute: compute) },
            tokenDecoder: try tokenizer(above: node), compute: compute, width: options.cores, timers: timers)
    }

    /// The cheaper scores that settle a node's explanations, read from the store; `nil` if it reads none.
    private func cascade<Definition: Scores>(of definition: Definition) throws -> Cascade? {
        let gates = CascadeFields.gates(of: definition.node, in: graph)
        guard let cascade = definition.cascade, !gates.isEmpty else { return nil }
        var gate = CascadeGate(gates: gates.map(\.id), below: cascade.below, above: cascade.above)
        for earlier in gates { gate.note(try storedScores(of: earlier.id)) }
        return Cascade(gate: gate, method: Definition.method, threshold: cascade.threshold)
    }

    /// The questions of a method that asks one judge, and the use made of the answers.
    func work<Method: JudgedScoringMethod>(
        by method: Method.Type, _ settings: Method.Settings, of definition: some AsksJudge,
        judge: any LanguageModelClient,
        concurrency: Int
    ) throws -> JudgedWork<Method.Plan> where Method.Evidence == PlanEvidence, Method.Tools == ScoringTools {
        let (id, seed, tokenDecoder) = (definition.id, definition.seed, try tokenizer(above: definition.node))
        return JudgedWork(
            plan: { subject in
                let evidence = PlanEvidence(
                    heldOut: subject.heldOut, maximum: subject.update.view.statistics(of: subject.latent).maximum,
                    tokenDecoder: tokenDecoder)
                return try Method.plan(
                    subject.named(by: id, judge: judge, seed: seed), on: evidence, settings: settings)
            },
            run: { try await Method.run($0, judge: $1, tokenDecoder: tokenDecoder, concurrency: concurrency) })
    }

    /// The stage of a scorer that asks a model; `windows` is the number of windows it needs of each further tier, `jobs` the
    /// number under way, if it is not the node's own.
    func stage<Plan>(
        _ definition: some AsksJudge, judge: any LanguageModelClient, work: JudgedWork<Plan>, rounds: RoundRule,
        windows: Int, jobs: Int? = nil, timers: StageTimers
    ) throws -> JudgedStage<Plan> {
        let cascade = try cascade(of: definition)
        var settings = try scoreSettings(of: definition, rounds: rounds)
        settings.controls = definition.asked.controls
        settings.gate = cascade?.gate
        var context = try scoring(definition, settings, tierWindows: windows, timers: timers)
        context.priority = definition.asked.priority
        return JudgedStage(
            context: context, judge: judge, method: type(of: definition).method, work: work,
            cascade: cascade, concurrency: jobs ?? definition.asked.concurrency)
    }
}

extension ScoringTopic {
    /// How controls of this topic are made.
    var pairing: ControlPairing {
        switch self {
        case .explanations: .explanations
        case .effects: .latents
        case .latents: .itself
        }
    }
}
