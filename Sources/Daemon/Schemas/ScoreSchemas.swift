import Elements
import Topology

extension NodeSchema {
    static let overlap = FieldSchema.optional(
        "overlap", .word(["drop", "keep"]), default: "drop",
        "What happens to test windows that share 13 tokens in a row with a window shown to the explainer.")

    static let examples = FieldSchema.optional(
        "examples", .integer(2...4096), default: "50", "Held-out windows of each kind, firing and silent.")
    static let concurrency = FieldSchema.optional(
        "concurrency", .integer(1...1024), default: "2", "Jobs under way at the same time.")
    static let shuffles = controls("the explanation of another latent is judged too")

    /// How many latents of each explainer have the control that is named.
    static func controls(_ control: String) -> FieldSchema {
        .optional(
            "controls", .integer(0...1_048_576), default: "8",
            "For so many latents of each explainer \(control), as a control.")
    }

    /// When an explanation is scored again: a judge costs money, so it is asked on growth alone unless told otherwise.
    static func rounds(growth: Int, recent: Bool) -> [FieldSchema] {
        [
            .optional(
                "rescore", .integer(0...1_048_576), default: "\(growth)",
                "An explanation is scored again once its latent has fired in so many times as many windows (at least 2); 0 for never."
            ),
            .optional(
                "recent", .boolean, default: "\(recent)",
                "Score again too once three quarters of the latent's recent windows, those of the last two days of event time, are new."
            ),
        ]
    }

    /// The tiers of negatives; shared by all scorers that set windows apart in which a latent is silent.
    private static let negatives = FieldSchema.optional(
        "negatives", .list(.word(NegativeTier.allCases.map(\.rawValue))), default: "[random]",
        "Tiers of negatives, each scored apart against the same positives: `random`, which the headline rests on and must be among them; `lexical`, which hold the latent's peak token; `neighbour`, in which a latent fires that co-fires with it or whose decoder direction is near; `semantic`, nearest by sentence embedding. A tier of fewer than ten windows is not available."
    )
    private static let encoder = FieldSchema.optional(
        "encoder", .model,
        "For `semantic` negatives: the sentence encoder, a folder such as all-MiniLM-L6-v2 or an endpoint; `embedding` takes its `model` if it is not given."
    )

    static let execution = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "execution"), inputs: [.explanations],
        output: .scores, fields: [latents, overlap, negatives, encoder, seed] + rounds(growth: 2, recent: true),
        documentation:
            "Runs an executable explanation over every held-out window; no language model is asked. As a control it also runs every explanation on another latent's windows."
    )

    static let embedding = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "embedding"), inputs: [.explanations],
        output: .scores,
        fields: [
            .required(
                "model", .model,
                "A sentence encoder: a folder such as all-MiniLM-L6-v2, or a model behind an endpoint that gives `/v1/embeddings`."
            ),
            latents, overlap, negatives, encoder, examples, seed,
        ] + rounds(growth: 2, recent: true),
        documentation:
            "The area under the ROC curve of the likeness in meaning between an explanation and held-out windows; no language model is asked. As a control every explanation is also scored on another latent's windows."
    )

    private static func judged(_ method: String, _ documentation: String) -> NodeSchema {
        NodeSchema(
            kind: .stage, type: "score", variant: Variant(field: "method", value: method),
            inputs: [.explanations, .scores], output: .scores,
            fields: [
                .required("model", .model, "The judge."),
                latents, overlap, negatives, encoder, examples,
                .optional(
                    "answers", .word(["auto", "list", "probabilities"]), default: "auto",
                    "A JSON list for several examples at once, or yes/no log-probabilities one by one; `auto` takes log-probabilities of a model in this process and lists of a server."
                ),
                .optional(
                    "per_prompt", .integer(1...50), default: "5", "Examples in one prompt when a list is asked for."),
                shuffles, concurrency, seed,
            ] + stopping + cascade + rounds(growth: 4, recent: false),
            documentation: documentation)
    }

    static let intervention = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "intervention"), inputs: [.explanations],
        output: .scores,
        fields: [
            .required("model", .model, "The model that says what an intervention makes the subject say."),
            .optional(
                "scorer", .model,
                "The model whose surprisal at that is measured; by default that of `model`. \(readsTexts)"),
            latents, overlap,
            .optional(
                "kl", .number(0.001...20), default: "1",
                "The mean KL divergence of the next token, in nats, that the strength is tuned to within a tenth; scores are comparable at the same one only."
            ),
            .optional(
                "prompts_explain", .integer(1...256), default: "10", "Train windows whose rising tokens are explained."),
            .optional(
                "prompts_score", .integer(2...4096), default: "30",
                "Held-out windows on which the strength is tuned and the explanation scored."),
            .optional("completion", .integer(1...256), default: "8", "Tokens that the subject goes on with."),
            .optional(
                "explanations", .integer(1...64), default: "5",
                "Explanations drawn from `model`, of which one, chosen by a draw, is scored; the details tell the mean and, as `explanations_best_optimistic`, the best of all of them."
            ),
            .optional(
                "temperature", .number(0...2), default: "0.7",
                "The temperature at which they are drawn; at 0 the likeliest answer is the only one."),
            controls("another latent's output explanation is scored too"), concurrency, seed,
        ],
        documentation:
            "Adds to a latent's code inside the subject model, asks what that makes the model say, and measures in nats how much less surprising the answer becomes behind what it then says; 0 is chance. The explanations that are fed to it decide on latents and held-out windows only, so `explainer: none` will do."
    )

    private static let stopping: [FieldSchema] = [
        .optional(
            "stopping", .word(["none", "verdict", "interval"]), default: "none",
            "When to stop asking about an explanation before all examples are through: once it is known whether its balanced accuracy reaches `threshold`, or once the interval is narrow enough."
        ),
        .optional(
            "threshold", .number(0...1), default: "0.75",
            "With `stopping`: the balanced accuracy from which on an explanation counts as interpretable."),
        .optional(
            "indifference", .number(0.01...0.4), default: "0.08",
            "With `stopping: verdict`: so near the threshold a verdict may be wrong more often than `error`."),
        .optional(
            "error", .number(0.0001...0.4), default: "0.05",
            "With `stopping: verdict`: how often a verdict may be wrong on either side."),
        .optional(
            "half_width", .number(0.01...0.5), default: "0.1",
            "With `stopping: interval`: half the width, at which one stops, of the interval for what asking all would give."
        ),
    ]

    private static let cascade: [FieldSchema] = [
        .optional(
            "settle_below", .number(0...1),
            "With scores among the inputs: an explanation whose score there lies below this with its whole interval is settled as not interpretable, and no judge is asked."
        ),
        .optional(
            "settle_above", .number(0...1),
            "With scores among the inputs: an explanation whose score there lies above this with its whole interval is settled as interpretable, and no judge is asked."
        ),
    ]

    static let detection = judged(
        "detection", "Asks a judge which held-out windows the explanation fits; marks are not shown.")
    static let fuzzing = judged(
        "fuzzing", "Asks a judge whether the marked tokens of a held-out window are those the explanation names.")
}
