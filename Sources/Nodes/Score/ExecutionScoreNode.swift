import Dataflow
import Evidence
import Lineage
import Scoring
import Stages
import Topology

/// Runs executable explanations over held-out windows.
struct ExecutionScoreNode: Scores {
    static var scoring: any ScoringMethod.Type { ExecutionScorer.self }

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [CommonFields.latents.schema, CommonFields.overlap.schema] + NegativeTierFields.fields
            + [CommonFields.seed.schema] + RoundFields.cheap.fields,
        documentation: """
            Runs an executable explanation over every held-out window; no language model is asked. As a control it also \
            runs every explanation on another latent's windows.
            """)

    let node: Node
    let latents: LatentSelection
    var usualSeconds: Double? { 0.003 }
    let overlap: HeldOut.Overlap
    let seed: UInt64
    let negatives: NegativeTierFields?
    private let tiers: NegativeTierFields
    private let rounds: RoundRule

    var models: [ModelUse] { [tiers.use(in: node)].compactMap(\.self) }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        latents = try node[CommonFields.latents]
        overlap = try node[CommonFields.overlap]
        seed = try node[CommonFields.seed]
        tiers = try NegativeTierFields(node)
        negatives = tiers
        rounds = try RoundFields.cheap.rule(of: node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
        tiers.check(node, in: graph, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.executing(self) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        var settings = try context.scoreSettings(of: self, rounds: rounds)
        settings.needsPredicate = true
        let stage = ExecutionStage(
            context: try context.scoring(
                self, settings, tierWindows: BatchSizes.executedWindows, timers: timers),
            vocabulary: try context.vocabulary(above: node), tokenDecoder: try context.tokenizer(above: node))
        pipeline.run(node, stage, timers)
    }
}
