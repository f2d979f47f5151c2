import Dataflow
import Explaining
import Lineage
import Observability
import Stages
import Topology

/// Explains a latent by the tokens of its windows.
struct LexicalExplainNode: ChoosesLatents {
    private static let minimumExamples = Field.integer(
        "minimum_examples", 1...65_536, default: 10, "Train windows a latent must have.")
    private static let tokens = Field.integer(
        "tokens", 1...8, default: 8,
        "The most tokens, or kinds and pairs of tokens, of an explanation's first clause.")
    private static let clauses = Field.integer(
        "clauses", 1...3, default: 3,
        "The most clauses: what a window contains, and what else it contains or does not.")
    private static let isTokenList = Field.choice(
        "terms", among: ["all", "tokens"], default: "all",
        "What clauses are made of; with `tokens` an explanation is one plain list of tokens, to compare with."
    ) { $0 == "tokens" }

    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: LexicalExplainer.name),
        inputs: [.evidence], maximumInputs: 1, output: .explanations,
        fields: [
            CommonFields.latents.schema, CommonFields.waitsForDrain.schema, minimumExamples.schema, tokens.schema,
            clauses.schema, isTokenList.schema, CommonFields.seed.schema,
        ] + AgainFields.fields,
        documentation: "Explains a latent by the tokens its windows contain; no language model is asked.")

    let node: Node
    let latents: LatentSelection
    var usualSeconds: Double? { 0.0055 }
    var reexplains: ReexplanationRule? { again.rule }
    private let waitsForDrain: Bool
    private let seed: UInt64
    private let again: AgainFields
    private var settings = LexicalSettings()

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        latents = try node[CommonFields.latents]
        waitsForDrain = try node[CommonFields.waitsForDrain]
        seed = try node[CommonFields.seed]
        again = try AgainFields(node)
        settings.minimumExamples = try node[Self.minimumExamples]
        settings.maximumTerms = try node[Self.tokens]
        settings.maximumClauses = try node[Self.clauses]
        settings.isTokenList = try node[Self.isTokenList]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) { graph.checkCoders(above: node, into: &findings) }

    func memory(_ shape: ScoringMemory) -> Double { shape.lexical(latents) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        try context.restore(explainer: node, again.rule)
        let fields = ExplainFields(
            node: node, latents: latents, minimumExamples: settings.minimumExamples, waitsForDrain: waitsForDrain,
            seed: seed)
        let stage = LexicalStage(
            context: try context.explaining(fields, timers: timers), settings: settings,
            tokenizer: try context.tokenizer(above: node), vocabulary: try context.vocabulary(above: node),
            memory: context.progress.memory)
        pipeline.run(node, stage, timers)
    }
}
