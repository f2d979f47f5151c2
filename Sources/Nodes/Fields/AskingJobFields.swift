import Dataflow
import Lineage
import Stages
import Topology

/// Which latents an explainer that asks a model explains, when, and by which model.
struct AskingJobFields: Sendable {
    let model: String
    let latents: LatentSelection
    let waitsForDrain: Bool
    let concurrency: Int
    private let priority: JobPriority
    let seed: UInt64
    let again: AgainFields
    let node: Node

    /// Reads the fields; `model` is that of an explainer that need not ask one.
    init(_ node: Node, model: String? = nil) throws(TopologyError) {
        self.node = node
        self.model = if let model { model } else { try node[AskingFields.model] }
        latents = try node[CommonFields.latents]
        waitsForDrain = try node[CommonFields.waitsForDrain]
        concurrency = try node[CommonFields.concurrency]
        seed = try node[CommonFields.seed]
        priority = JobPriority(try node[CommonFields.priority], seed: seed)
        again = try AgainFields(node)
    }

    /// The use of the model that explains.
    var use: ModelUse { node.use(AskingFields.model, model) }

    /// Whether the model's answers are started: a small model seldom comes to the answer's tag by itself, and in this process its turn
    /// can start with it.
    func startsAnswer(_ context: NodeContext) -> Bool { context.library.isInProcess(model) }

    /// The most tokens of a prompt, if none are `chosen` what suits the model's place.
    func promptTokens(_ context: NodeContext, chosen: Int?) -> Int {
        chosen ?? (context.library.isInProcess(model) ? 1200 : 4000)
    }

    /// Makes the stage of a kind of explanations; restores those of earlier processes, so it blocks.
    func stage(
        _ context: NodeContext, _ kind: AskedKind, minimumExamples: Int, promotion: TokenPromotion?,
        timers: StageTimers
    ) throws -> AskingStage {
        try context.restore(explainer: node, again.rule)
        let fields = ExplainFields(
            node: node, latents: latents, minimumExamples: minimumExamples, waitsForDrain: waitsForDrain, seed: seed)
        var explaining = try context.explaining(fields, timers: timers)
        explaining.priority = priority
        return AskingStage(
            context: explaining, judge: try context.library.judge(model),
            tokenizer: try context.tokenizer(above: node), kind: kind, promotion: promotion,
            concurrency: context.library.jobs(asking: model, concurrency))
    }
}
