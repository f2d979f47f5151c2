import Dataflow
import Explaining
import LanguageModels
import Lineage
import Stages
import Topology

/// Asks a language model what turning a latent up makes the subject say.
struct OutputExplainNode: ChoosesLatents {
    private static let texts = Field.integer(
        "texts", 2...1024, default: 24,
        """
        Ordinary train windows, the same for all latents, at whose ends the latent's decoder row is added; the subject reads each \
        once for every latent.
        """)
    private static let strength = Field.number(
        "strength", 0.01...1000, default: 4,
        """
        How much is added, in multiples of the latent's upper decile: the activation that a tenth of those in its train sample \
        exceed.
        """)
    private static let changedTokens = Field.integer(
        "changed_tokens", 1...64, default: 10,
        """
        Tokens named whose log-probability rises most by that, on average over the texts, and as many for which it falls most.
        """)
    private static let promotedTokens = Field.integer(
        "promoted_tokens", 0...64, default: 8,
        """
        Tokens named that the decoder row alone makes likelier, and as many that it makes less likely, where some stand out and \
        what the coder writes is added to the residual stream as it is; 0 leaves them out.
        """)
    private static let continuations = Field.integer(
        "continuations", 0...16, default: 4, "Texts that the subject goes on with, with and without the addition.")
    private static let continuationTokens = Field.integer(
        "continuation", 1...64, default: 10, "Tokens that it goes on with, the likeliest ones.")
    private static let promptTokens = Field.optionalInteger(
        "prompt_tokens", 256...1_048_576,
        """
        The most tokens of a prompt, instructions included; by default 1200 for a model in this process, else 4000. \
        Continuations are left out first, then the ends of lists.
        """)
    private static let minimumExamples = Field.integer(
        "minimum_examples", 1...65_536, default: 10,
        "Windows a latent must have fired in before it is explained.")
    private static let maximumTokens = Field.integer(
        "maximum_tokens", 8...4096, default: 128, "The most tokens of an answer.")

    static let schema = NodeSchema(
        kind: .stage, type: "explain", variant: NodeSchema.Variant(field: "explainer", value: OutputExplainer.name),
        inputs: [.evidence], maximumInputs: 1, output: .explanations,
        fields: [
            AskingFields.model.schema, CommonFields.latents.schema, CommonFields.waitsForDrain.schema, texts.schema,
            strength.schema, changedTokens.schema, promotedTokens.schema, continuations.schema,
            continuationTokens.schema, promptTokens.schema, minimumExamples.schema, maximumTokens.schema,
            CommonFields.concurrency.schema, CommonFields.priority.schema, CommonFields.seed.schema,
        ] + AgainFields.fields,
        documentation: """
            Adds a latent's decoder row to the activations inside the subject model, and asks a language model what that \
            makes the subject say: what the latent does, not what sets it off.
            """)

    let node: Node
    private let job: AskingJobFields
    private let promptTokens: Int?
    private(set) var settings = OutputSettings()

    var latents: LatentSelection { job.latents }
    var models: [ModelUse] { [job.use] }
    var reexplains: ReexplanationRule? { job.again.rule }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        job = try AskingJobFields(node)
        promptTokens = try node[Self.promptTokens]
        settings.texts = try node[Self.texts]
        settings.strength = try node[Self.strength]
        settings.changedTokens = try node[Self.changedTokens]
        settings.promotedTokens = try node[Self.promotedTokens]
        settings.continuations = try node[Self.continuations]
        settings.continuationTokens = try node[Self.continuationTokens]
        settings.minimumExamples = try node[Self.minimumExamples]
        settings.maximumTokens = try node[Self.maximumTokens]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        graph.checkCoders(above: node, into: &findings)
        guard let codes = graph.nearest((any GivesCodes).self, above: node).first else { return }
        guard let forward = graph.first((any RunsSubject).self, above: codes.node) else {
            return findings.report(
                .badCoder, node.mark, NodeContext.noSubject(id),
                help: "feed it from an encode node, or take `explainer: default`, which needs windows only")
        }
        // Faults of the coder's files are reported for its own node.
        guard let model = graph.weights.soundModel(forward.model),
            let hookpoint = try? model.hookpoint(named: codes.hookpoint), let coder = try? codes.coder(in: graph),
            let reason = WrittenPlace.refusal(of: coder, reading: hookpoint, in: model)
        else { return }
        findings.report(
            .badCoder, node.mark, "\(id): latents cannot be turned up inside the subject: \(reason)",
            help: "take `explainer: default`, which needs windows only")
    }

    func memory(_ shape: ScoringMemory) -> Double { shape.asking(latents) + shape.turningUp(jobs: job.concurrency) }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        var settings = settings
        settings.promptTokens = job.promptTokens(context, chosen: promptTokens)
        settings.startsAnswer = job.startsAnswer(context)
        let subject = try context.steeredModel(above: node, onlyAdds: true)
        let reading = OutputReading(
            settings: settings, subject: subject, bos: try context.bos(above: node), vocabulary: subject.vocabulary,
            tokenDecoder: try context.tokenizer(above: node), compute: context.compute)
        let stage = try job.stage(
            context, .output(reading), minimumExamples: settings.minimumExamples,
            promotion: settings.promotedTokens > 0 ? context.promotion(above: node) : nil, timers: timers)
        pipeline.run(node, stage, timers)
    }
}
