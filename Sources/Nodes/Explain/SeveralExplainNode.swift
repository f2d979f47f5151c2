import Dataflow
import Explaining
import Lineage
import Observability
import Scoring
import Stages
import Topology

/// Tells how many meanings a latent has, and explains each by itself.
struct SeveralExplainNode: ChoosesLatents {
    private static let model = Field.optional(
        "model", .model,
        """
        The model that explains each part, by the fields below; without one parts are explained by the tokens of their windows, as \
        `lexical` does, and the fields about what is asked have no effect.
        """)
    private static let tokens = Field.integer(
        "tokens", 1...LexicalPredicate.maximumTerms, default: LexicalPredicate.maximumTerms,
        "Without a model: the most tokens, or kinds and pairs of tokens, of a part's first clause.")
    private static let parts = Field.integer(
        "parts", 2...LexicalPredicate.maximumAlternatives, default: LexicalPredicate.maximumAlternatives,
        "The most parts, those of the largest weight; what is in none is the rest.")
    private static let share = Field.number(
        "share", 0.02...0.5, default: 0.1,
        "The smallest share of a latent's activation mass that a cluster of its windows has to be a part.")
    private static let separation = Field.number(
        "separation", 0...1, default: 0.25,
        """
        How much more alike windows must be to their own cluster than to the nearest other; a latent whose windows are closer has \
        one meaning.
        """)

    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: SeveralExplainer.name),
        inputs: [.evidence], maximumInputs: 1, output: .explanations,
        fields: [model.schema] + AskingFields.fieldsBesideModel
            + [tokens.schema, parts.schema, share.schema, separation.schema],
        documentation: """
            Tells how many meanings a latent has by clustering the windows in which it fires, and explains each cluster of weight by \
            itself.
            """)

    let node: Node
    let latents: LatentSelection
    private let asking: AskingFields
    private let asksModel: Bool
    private var several = SeveralSettings()
    private var lexical = LexicalSettings()

    var models: [ModelUse] { asksModel ? [asking.job.use] : [] }
    var reexplains: ReexplanationRule? { asking.job.again.rule }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        let model = try node[Self.model]
        asksModel = model != nil
        asking = try AskingFields(node, model: model ?? "")
        latents = asking.job.latents
        several.maximumParts = try node[Self.parts]
        several.share = try node[Self.share]
        several.separation = try node[Self.separation]
        lexical.maximumTerms = try node[Self.tokens]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkCoders(above: node, into: &findings)
        let readers = graph.inOrder.compactMap { $0 as? any Scores }
            .filter { $0.node.inputs.contains { $0.node == id } && type(of: $0).scoring.topic.compares }
        // What a model says has no predicate, which is all that a method without a model can use.
        let apart = readers.filter {
            type(of: $0).scoring.scoresParts && !(asksModel && type(of: $0).scoring.needs == .none)
        }
        guard !readers.isEmpty, apart.isEmpty else { return }
        let names = readers.map(\.id).joined(separator: ", ")
        findings.report(
            .unscoredParts, node.mark(of: "explainer"), "\(names): the parts of \(id) are scored as a whole only",
            help: asksModel
                ? "let a node of `method: embedding` read \(id) too"
                : "let a node of `method: execution` or `method: embedding` read \(id) too")
    }

    func memory(_ shape: ScoringMemory) -> Double {
        shape.parting(latents) + (asksModel ? shape.asking(latents) : shape.lexical(latents))
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        guard !asksModel else {
            return pipeline.run(node, try asking.stage(context, timers: timers) { .several(several, of: $0) }, timers)
        }
        try context.restore(explainer: node, asking.job.again.rule)
        let fields = ExplainFields(
            node: node, latents: latents, minimumExamples: asking.settings.minimumExamples,
            waitsForDrain: asking.job.waitsForDrain, seed: asking.job.seed)
        let stage = LexicalStage(
            context: try context.explaining(fields, timers: timers), settings: lexical, several: several,
            tokenizer: try context.tokenizer(above: node), vocabulary: try context.vocabulary(above: node),
            memory: context.progress.memory)
        pipeline.run(node, stage, timers)
    }
}
