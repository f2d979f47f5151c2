import Dataflow
import Elements
import Explaining
import Lineage
import Stages
import Store
import Topology

/// Keeps explanations that persons give while it runs.
struct WrittenExplainNode: Explains {
    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: Provenance.writtenName),
        inputs: [.evidence], maximumInputs: 1, output: .explanations, fields: [],
        documentation: """
            Keeps explanations that persons give over HTTP or by `gloss label`, so that they are scored like any others; a newer one of \
            a latent takes the place of the one before.
            """)

    let node: Node

    /// None by itself: labels come for whichever latents somebody chooses.
    var latents: LatentSelection { .list([]) }
    var requests: [LatentRequest.Kind] { [.label, .pin, .unpin] }

    init(_ node: Node) throws(TopologyError) { self.node = node }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.explanations(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        try context.restore(explainer: node, ReexplanationRule(regrowth: 0, drift: false))
        let fields = ExplainFields(node: node, latents: latents, minimumExamples: 0, waitsForDrain: false, seed: 0)
        pipeline.run(node, WrittenStage(context: try context.explaining(fields, timers: timers)), timers)
    }
}
