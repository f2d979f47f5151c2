import Dataflow
import Explaining
import Store
import Topology

/// Explains nothing.
struct NoExplainNode: Explains {
    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: GivenExplainer.noneName),
        inputs: [.evidence], maximumInputs: 1, output: .explanations, fields: GivenFields.fields,
        documentation: "Explains nothing: for scores that need no explanation.")

    let node: Node
    private let given: GivenFields

    var latents: LatentSelection { given.latents }
    /// Nothing challenges what is given.
    var requests: [LatentRequest.Kind] { [] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        given = try GivenFields(node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.explanations(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        pipeline.run(node, try given.stage(nil, context, of: node, timers: timers), timers)
    }
}
