import Dataflow
import Explaining
import Lineage
import Topology

/// Asks a language model how a latent's examples differ from windows that leave it silent.
struct ContrastiveExplainNode: ChoosesLatents {
    private static let contrasts = Field.integer(
        "contrasts", 1...64, default: 8,
        "Train windows shown in which the latent is silent; those that hold one of its tokens come first.")

    static let schema = NodeSchema(
        kind: .stage, type: "explain",
        variant: NodeSchema.Variant(field: "explainer", value: DefaultExplainer.contrastiveName),
        inputs: [.evidence], maximumInputs: 1, output: .explanations, fields: AskingFields.fields + [contrasts.schema],
        documentation: "Asks a language model what sets a latent's examples apart from windows that leave it silent.")

    let node: Node
    private let asking: AskingFields
    private let contrasts: Int

    var latents: LatentSelection { asking.job.latents }
    var models: [ModelUse] { [asking.job.use] }
    var reexplains: ReexplanationRule? { asking.job.again.rule }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asking = try AskingFields(node)
        contrasts = try node[Self.contrasts]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.asking(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        pipeline.run(node, try asking.stage(context, contrasts: contrasts, timers: timers), timers)
    }
}
