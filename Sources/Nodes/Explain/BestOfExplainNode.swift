import Dataflow
import Explaining
import Lineage
import Stages
import Topology

/// Asks for several explanations and keeps the best.
struct BestOfExplainNode: ChoosesLatents {
    private static let candidates = Field.integer(
        "candidates", 2...16, default: 3, "Explanations asked for, each from other examples.")
    private static let fold = Field.integer(
        "fold", 4...256, default: 20,
        "The model compares them on this many train windows that fire and as many that do not; none of them is shown.")

    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: BestOfExplainer.name),
        inputs: [.evidence], maximumInputs: 1, output: .explanations,
        fields: AskingFields.fields + [candidates.schema, fold.schema],
        documentation: "Asks for several explanations and keeps the one that tells train windows apart best.")

    let node: Node
    private let asking: AskingFields
    private var best = BestOfSettings()

    var latents: LatentSelection { asking.job.latents }
    var models: [ModelUse] { [asking.job.use] }
    var reexplains: ReexplanationRule? { asking.job.again.rule }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asking = try AskingFields(node)
        best.candidates = try node[Self.candidates]
        best.fold = try node[Self.fold]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.asking(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        pipeline.run(node, try asking.stage(context, timers: timers) { .best(best, of: $0) }, timers)
    }
}
