import Dataflow
import Explaining
import Lineage
import Topology

/// Asks a language model what a latent's examples have in common.
struct DefaultExplainNode: ChoosesLatents {
    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: DefaultExplainer.name),
        inputs: [.evidence], maximumInputs: 1, output: .explanations, fields: AskingFields.fields,
        documentation: "Asks a language model what a latent's examples have in common.")

    let node: Node
    private let asking: AskingFields

    var latents: LatentSelection { asking.job.latents }
    var models: [ModelUse] { [asking.job.use] }
    var reexplains: ReexplanationRule? { asking.job.again.rule }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asking = try AskingFields(node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.asking(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        pipeline.run(node, try asking.stage(context, timers: timers), timers)
    }
}
