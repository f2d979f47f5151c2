import Dataflow
import Evidence
import Lineage
import Scoring
import Stages
import Topology

/// Compares the meanings of explanations and held-out windows.
struct EmbeddingScoreNode: Scores {
    static var scoring: any ScoringMethod.Type { EmbeddingScorer.self }

    private static let model = Field.required(
        "model", .model,
        """
        A sentence encoder: a folder such as all-MiniLM-L6-v2, or a model at an endpoint that gives \
        `/v1/embeddings`.
        """)

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [model.schema, CommonFields.latents.schema, CommonFields.overlap.schema] + NegativeTierFields.fields
            + [CommonFields.examples.schema, CommonFields.seed.schema] + RoundFields.cheap.fields,
        documentation: """
            The area under the ROC curve of the likeness in meaning between an explanation and held-out windows; no \
            language model is asked. As a control every explanation is also scored on another latent's windows.
            """)

    let node: Node
    let latents: LatentSelection
    var usualSeconds: Double? { 0.03 }
    let overlap: HeldOut.Overlap
    let seed: UInt64
    let negatives: NegativeTierFields?
    private let tiers: NegativeTierFields
    private let model: String
    private let examples: Int
    private let rounds: RoundRule

    var models: [ModelUse] {
        [node.use(Self.model, model, for: .sentences), tiers.use(in: node)].compactMap(\.self)
    }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        latents = try node[CommonFields.latents]
        overlap = try node[CommonFields.overlap]
        seed = try node[CommonFields.seed]
        model = try node[Self.model]
        tiers = try NegativeTierFields(node, fallback: model)
        negatives = tiers
        examples = try node[CommonFields.examples]
        rounds = try RoundFields.cheap.rule(of: node)
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
        tiers.check(node, in: graph, into: &findings)
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.embedding(self, examples: examples) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let settings = try context.scoreSettings(of: self, rounds: rounds)
        let source = try context.library.embeddings(model, compute: context.compute)
        var scoring = try context.scoring(self, settings, tierWindows: examples, timers: timers)
        scoring.leases.append(source.lease())
        let stage = EmbeddingStage(
            context: scoring, examples: examples, tokenizer: try context.tokenizer(above: node), source: source)
        pipeline.run(node, stage, timers)
    }
}
