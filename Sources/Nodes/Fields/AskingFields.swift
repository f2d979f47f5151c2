import Dataflow
import Explaining
import Stages
import Topology

/// The fields of every explainer that asks a model.
struct AskingFields: Sendable {
    static let model = Field.required("model", .model, "The model that explains.")
    private static let examples = Field.integer(
        "examples", 1...256, default: 40, "Examples shown to the explainer.")
    private static let sampling = Field<ExampleSampling>.choice(
        "sampling", among: ["quantiles", "top", "random", "mix"], default: "quantiles",
        "How examples are chosen among the train windows; `mix` is a fifth `top` and the rest `quantiles`."
    ) { ExampleSampling($0) }
    private static let form = Field<DefaultExplainerSettings.Form>.choice(
        "prompt", among: DefaultExplainerSettings.Form.allCases.map(\.rawValue), default: "counted",
        """
        What is shown: `counted` counts the marked tokens of the examples and then shows as many of them, clipped, as \
        `prompt_tokens` has room for; `passages` shows whole windows, all of them.
        """
    ) { DefaultExplainerSettings.Form(rawValue: $0) }
    private static let promptTokens = Field.optionalInteger(
        "prompt_tokens", 256...1_048_576,
        """
        The most tokens of a `counted` prompt, instructions included; by default 1200 for a model in this process, else \
        4000. For a server they are estimated at one for three bytes. One example is shown in any case.
        """)
    private static let countedTokens = Field.integer(
        "counted_tokens", 0...256, default: 12,
        "Marked tokens named with their counts in a `counted` prompt; 0 leaves the counts out.")
    private static let promotedTokens = Field.integer(
        "promoted_tokens", 0...64, default: 8,
        """
        Tokens named in a `counted` prompt that the latent's decoder row makes likelier to come next, and as many that it makes \
        less likely, where some stand out and the subject's head is at hand; 0 leaves them out.
        """)
    private static let strengths = Field.boolean(
        "strengths", default: true,
        "Tell how strong the response was: of each token named with its count, or below each whole window.")
    private static let thinks = Field.boolean(
        "chain_of_thought", default: false, "Ask the model to think in a few lines before it answers.")
    private static let minimumExamples = Field.integer(
        "minimum_examples", 1...65_536, default: 200,
        "Windows a latent must have fired in before it is explained.")
    private static let maximumTokens = Field.optionalInteger(
        "maximum_tokens", 8...4096, "The most tokens of an answer; by default 128, or 512 with thought.")

    static let fields = [model.schema] + fieldsBesideModel

    /// The fields of an explainer that need not ask a model.
    static let fieldsBesideModel =
        [
            CommonFields.latents.schema, CommonFields.waitsForDrain.schema, examples.schema,
            sampling.schema, form.schema, promptTokens.schema, countedTokens.schema, promotedTokens.schema,
            strengths.schema, thinks.schema, minimumExamples.schema, maximumTokens.schema,
            CommonFields.concurrency.schema, CommonFields.priority.schema, CommonFields.seed.schema,
        ] + AgainFields.fields

    /// Which latents are explained, when, and by which model.
    let job: AskingJobFields
    /// The settings for a model behind an endpoint.
    private(set) var settings = DefaultExplainerSettings()
    /// The most tokens of a prompt; `nil` for what the model's place has it.
    private let promptTokens: Int?

    /// Reads the fields; `model` is that of an explainer that need not ask one.
    init(_ node: Node, model: String? = nil) throws(TopologyError) {
        job = try AskingJobFields(node, model: model)
        settings.examples = try node[Self.examples]
        settings.sampling = try node[Self.sampling]
        settings.form = try node[Self.form]
        promptTokens = try node[Self.promptTokens]
        settings.countedTokens = try node[Self.countedTokens]
        settings.promotedTokens = try node[Self.promotedTokens]
        settings.showsStrengths = try node[Self.strengths]
        settings.chainOfThought = try node[Self.thinks]
        settings.minimumExamples = try node[Self.minimumExamples]
        settings.maximumTokens = try node[Self.maximumTokens] ?? (settings.chainOfThought ? 512 : 128)
    }

    /// Makes the stage; `contrasts` are shown by one explainer only, and `kind` is what an explainer does with the settings.
    func stage(
        _ context: NodeContext, contrasts: Int? = nil, timers: StageTimers,
        kind: (DefaultExplainerSettings) -> AskedKind = { .examples($0) }
    ) throws -> AskingStage {
        var settings = settings
        if let contrasts { settings.contrasts = contrasts }
        settings.promptTokens = job.promptTokens(context, chosen: promptTokens)
        settings.startsAnswer = job.startsAnswer(context)
        let promotion = settings.showsPromotedTokens ? try context.promotion(above: job.node) : nil
        return try job.stage(
            context, kind(settings), minimumExamples: settings.minimumExamples, promotion: promotion, timers: timers)
    }
}
