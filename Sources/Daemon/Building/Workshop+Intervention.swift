import Dataflow
import Elements
import Evidence
import Inference
import LanguageModels
import Scoring
import SparseCoders
import Tokenization
import Topology

extension Workshop {
    /// The scorer that changes latents' codes inside the subject model.
    func intervention(_ node: Node, timers: StageTimers) throws -> some Stage<JudgedInput, ScoreBatch> {
        let explainer = try library.judge(node.string("model") ?? "")
        let models = InterventionModels(
            subject: try steeredModel(above: node), explainer: explainer,
            scorer: try node.string("scorer").map(library.judge) ?? explainer)
        var settings = InterventionSettings()
        settings.divergence = node.number("kl") ?? 1
        settings.explainingPrompts = node.integer("prompts_explain") ?? 10
        settings.scoringPrompts = node.integer("prompts_score") ?? 30
        settings.completionTokens = node.integer("completion") ?? 8
        var drawing = ExplanationDrawing()
        drawing.count = node.integer("explanations") ?? drawing.count
        drawing.temperature = node.number("temperature") ?? drawing.temperature
        settings.drawing = drawing
        let planning = InterventionPlanning(
            node: node.id, settings: settings, seed: seed(node), bos: try library.bos(of: subject(above: node)),
            overlap: overlap(node), models: models)
        let (text, compute, memory) = (try subjectTokenizer(above: node), compute, InterventionMemory())
        let work = JudgedWork<InterventionPlan>(
            topic: .effects, plan: { try planning.plan($0) },
            run: { plan, _ in
                try await InterventionScorer.run(plan, models: models, text: text, compute: compute, memory: memory)
            })
        // The one whose calls end where the budget does.
        let costs = library.isInProcess(node.string("model") ?? "") ? models.scorer : explainer
        return try stage(node, judge: costs, work: work, timers: timers)
    }

    /// The subject model and the coder that a node descends from, at the coder's hookpoint.
    private func steeredModel(above node: Node) throws -> SteeredModel {
        // That there is one encode node has been checked where its coder's identity was asked for.
        _ = try coder(above: node)
        guard let encode = topology.encodeNodes(above: node).first,
            let forward = topology.forwardNode(above: encode), let name = forward.string("model")
        else { throw DaemonError(.configuration, "\(node.id) descends from no forward node, so it has no subject") }
        let model = try library.subject(name)
        let tokenizer = try library.tokenizer(name)
        return try SteeredModel(
            model: model, coder: try library.coder(of: encode),
            hookpoint: try model.model.hookpoint(named: encode.string("hookpoint") ?? ""),
            bos: try library.bos(of: subject(above: node)), stops: Set([tokenizer.endOfSequence].compactMap(\.self)))
    }
}

/// Makes the plans of an intervention scorer.
struct InterventionPlanning: Sendable {
    let node: String
    let settings: InterventionSettings
    let seed: UInt64
    let bos: UInt32?
    let overlap: HeldOut.Overlap
    let models: InterventionModels

    /// Plans the score of a latent, or of another latent's output explanation on it.
    func plan(_ subject: JudgedWork<InterventionPlan>.Subject) throws -> InterventionPlan {
        var explained: InterventionPrompts?
        if subject.explanation.latent != subject.latent {
            let heldOut = HeldOutSet(
                of: subject.explanation, on: subject.update.view, pool: subject.pool, overlap: overlap)
            explained = try prompts(of: subject.explanation.latent, heldOut, subject.update.view)
        }
        let evidence = InterventionEvidence(
            prompts: try prompts(of: subject.latent, subject.heldOut, subject.update.view), explained: explained,
            models: models)
        return InterventionPlan(
            subject: subject.named(by: node, judge: models.explainer, seed: seed), evidence: evidence,
            settings: settings)
    }

    private func prompts(
        of latent: Int, _ heldOut: HeldOutSet, _ view: any EvidenceView
    ) throws -> InterventionPrompts {
        try InterventionPrompts(
            latent: latent, train: view.evidence(of: latent).train, heldOut: heldOut.positives, settings: settings,
            seed: seed, bos: bos)
    }
}
