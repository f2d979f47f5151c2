import Dataflow
import Inference
import Scoring
import Store
import Topology

extension NodeContext {
    /// A score node's part in the successions of the explain nodes that it reads, as it was stored; blocks.
    ///
    /// Having one makes the node one that is waited for before an explanation is replaced.
    func desk(of definition: some Scores) throws -> ContestDesk {
        let node = definition.node
        let latents = Set(try latents(definition.latents, of: node))
        for input in node.inputs { successions[input.node]?.with { $0.register(node.id, latents: latents) } }
        return ContestDesk(node: node.id, successions: successions, scores: try store.scores(of: node.id))
    }

    /// The pool of the reservoir that a score node descends from, shared by all that score on it.
    func pools(above node: Node) throws -> PoolShelf {
        let shelf = library.pools(of: try graph.reservoir(above: node), compute: compute)
        shelf.opened(by: node.id)
        return shelf
    }

    /// What embeds texts by the model of a name, for a score node.
    func embeddings(_ model: String, for node: Node) throws -> EmbeddingSource {
        let source = try library.embeddings(model, compute: compute)
        source.opened(by: node.id)
        return source
    }

    /// What draws a score node's further tiers of negatives, `count` windows of each; `nil` if it asks for none.
    func tiers(of definition: some Scores, count: Int, timers: StageTimers) throws -> TierDrawing? {
        guard let negatives = definition.negatives, !negatives.tiers.isEmpty else { return nil }
        let node = definition.node
        let shelf = try library.shelf(of: graph.codes(above: node), compute: compute, stop: stop)
        shelf.opened(by: node.id)
        return TierDrawing(
            tiers: negatives.tiers, count: count, overlap: definition.overlap, seed: definition.seed, shelf: shelf,
            pools: try pools(above: node), encoder: try negatives.encoder.map { try embeddings($0, for: node) },
            text: try tokenizer(above: node), compute: compute, width: options.cores, timers: timers)
    }

    /// Which cheaper scores settle a node's explanations; `nil` if it reads none.
    private func cascade<Definition: Scores>(of definition: Definition) -> Cascade? {
        let gates = CascadeFields.gates(of: definition.node, in: graph)
        guard let cascade = definition.cascade, !gates.isEmpty else { return nil }
        return Cascade(
            gate: CascadeGate(gates: gates.map(\.id), below: cascade.below, above: cascade.above),
            method: Definition.method, threshold: cascade.threshold)
    }

    /// The stage of a scorer that asks a model; `windows` is how many of each further tier it needs.
    func stage<Plan>(
        _ definition: some AsksJudge, judge: any Judge, work: JudgedWork<Plan>, rounds: RoundRule, windows: Int,
        timers: StageTimers
    ) throws -> JudgedStage<Plan> {
        let (node, asked) = (definition.node, definition.asked)
        return JudgedStage(
            node: node.id, judge: judge, work: work, overlap: asked.overlap,
            tiers: try tiers(of: definition, count: windows, timers: timers), seed: asked.seed,
            latents: Set(try latents(asked.latents, of: node)), controls: asked.controls,
            cascade: cascade(of: definition), concurrency: asked.concurrency, rounds: rounds,
            desk: try desk(of: definition), pools: try pools(above: node), ledger: ledger, compute: compute,
            stop: stop, timers: timers)
    }
}

extension JudgedWork.Subject {
    /// What a plan says of what it scores.
    func named(by node: String, judge: any Judge, seed: UInt64) -> PlanSubject {
        PlanSubject(
            node: node, explanation: explanation, latent: latent, control: control, judge: judge, seed: seed,
            heldOut: heldOut.account)
    }
}
