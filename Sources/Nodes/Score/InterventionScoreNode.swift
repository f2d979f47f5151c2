import Dataflow
import Elements
import Evidence
import Inference
import LanguageModels
import Running
import Scoring
import Stages
import Tokenization
import Topology

/// Changes the codes of latents inside the subject model.
struct InterventionScoreNode: AsksJudge {
    static var scoring: any ScoringMethod.Type { InterventionScorer.self }

    private static let model = Field.required(
        "model", .model, "The model that says what an intervention makes the subject say.")
    private static let scorer = Field.optional(
        "scorer", .model,
        """
        The model whose surprisal at that is measured; by default that of `model`. \(CommonFields.readsTexts)
        """)
    private static let divergence = Field.number(
        "kl", 0.001...20, default: 1,
        """
        The mean KL divergence of the next token, in nats, that the strength is tuned to within a tenth; scores are \
        comparable at the same one only.
        """)
    private static let explaining = Field.integer(
        "prompts_explain", 1...256, default: 10, "Train windows whose rising tokens are explained.")
    private static let scoringPrompts = Field.integer(
        "prompts_score", 2...4096, default: 30,
        "Held-out windows on which the strength is tuned and the explanation scored.")
    private static let completion = Field.integer(
        "completion", 1...256, default: 8, "Tokens that the subject goes on with.")
    private static let drawn = Field.integer(
        "explanations", 1...64, default: 5,
        """
        Explanations drawn from `model`, of which one, chosen by a draw, is scored; the details tell the mean and, as \
        `explanations_best_optimistic`, the best of all of them.
        """)
    private static let temperature = Field.number(
        "temperature", 0...2, default: 0.7,
        "The temperature at which they are drawn; at 0 the likeliest answer is the only one.")
    private static let controls = CommonFields.controls("another latent's output explanation is scored too")

    static let schema = NodeSchema(
        kind: .stage, type: "score", variant: NodeSchema.Variant(field: "method", value: method),
        inputs: [.explanations], output: .scores,
        fields: [
            model.schema, scorer.schema, CommonFields.latents.schema, CommonFields.overlap.schema, divergence.schema,
            explaining.schema, scoringPrompts.schema, completion.schema, drawn.schema, temperature.schema,
            controls.schema,
            CommonFields.concurrency.schema, CommonFields.priority.schema, CommonFields.seed.schema,
        ],
        documentation: """
            Adds to a latent's code inside the subject model, asks what that makes the model say, and measures in nats \
            how much less surprising the answer becomes after what it then says; 0 is chance. The explanations that \
            are fed to it decide on latents and held-out windows only, so `explainer: none` will do.
            """)

    let node: Node
    let asked: AskedFields
    private let model: String
    private let scorer: String?
    private var settings = InterventionSettings()

    var models: [ModelUse] {
        guard let scorer = node.use(Self.scorer, scorer, for: .reading(.text)) else {
            return [node.use(Self.model, model, for: .reading(.text))]
        }
        return [node.use(Self.model, model), scorer]
    }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        asked = try AskedFields(node, controls: Self.controls)
        model = try node[Self.model]
        scorer = try node[Self.scorer]
        settings.divergence = try node[Self.divergence]
        settings.explainingPrompts = try node[Self.explaining]
        settings.scoringPrompts = try node[Self.scoringPrompts]
        settings.completionTokens = try node[Self.completion]
        var drawing = ExplanationDrawing()
        drawing.count = try node[Self.drawn]
        drawing.temperature = try node[Self.temperature]
        settings.drawing = drawing
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkEvidence(above: node, into: &findings)
        guard let codes = graph.nearest((any GivesCodes).self, above: node).first else { return }
        guard let forward = graph.first((any RunsSubject).self, above: codes.node) else {
            return findings.report(
                .badCoder, node.mark, NodeContext.noSubject(id), help: "feed it from an encode node")
        }
        // Faults of the coder's files are reported for its own node.
        guard let model = graph.weights.soundModel(forward.model),
            let hookpoint = try? model.hookpoint(named: codes.hookpoint), let width = try? model.width(at: hookpoint),
            let coder = try? codes.coder(in: graph),
            let reason = SteeredModel.refusal(of: coder, at: hookpoint, width)
        else { return }
        findings.report(.badCoder, node.mark, "\(id): \(reason)")
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.judging(self, windows: settings.scoringPrompts) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let library = context.library
        let explainer = try library.judge(model)
        let models = InterventionModels(
            subject: try context.steeredModel(above: node), explainer: explainer,
            scorer: try scorer.map(library.judge) ?? explainer)
        let planning = InterventionPlanning(
            node: id, settings: settings, seed: seed, bos: try context.bos(above: node), overlap: overlap,
            models: models)
        let (tokenDecoder, compute) = (try context.tokenizer(above: node), context.compute)
        let memory = InterventionMemory()
        let work = JudgedWork<InterventionPlan>(
            plan: { try planning.plan($0) },
            run: { plan, _ in
                try await InterventionScorer.run(
                    plan, models: models, tokenDecoder: tokenDecoder, compute: compute, memory: memory)
            })
        // The model whose calls end when the budget is spent.
        let costs = library.isInProcess(model) ? models.scorer : explainer
        let stage = try context.stage(
            self, judge: costs, work: work, rounds: .never, windows: settings.scoringPrompts, timers: timers)
        pipeline.judge(node, stage, timers)
    }
}
