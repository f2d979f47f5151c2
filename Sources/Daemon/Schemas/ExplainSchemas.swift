import Dataflow

extension NodeSchema {
    static let latents = FieldSchema.optional(
        "latents", .latents, default: "all", "Which latents: `all`, a list, a range, or `{ sample: n, seed: s }`.")
    static let seed = FieldSchema.optional("seed", .integer(0...Int.max), default: "0", "The seed of every choice.")
    private static let when = FieldSchema.optional(
        "when", .word(["ready", "drained"]), default: "ready",
        "When a latent is explained: once it has enough examples, or when the input is drained.")

    static let lexicalExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "lexical"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations,
        fields: [
            latents, when,
            .optional(
                "minimum_examples", .integer(1...65_536), default: "10", "Train windows a latent must have."),
            .optional("tokens", .integer(1...8), default: "8", "The most tokens or token classes of an explanation."),
            seed,
        ],
        documentation: "Explains a latent by the tokens its windows contain; no language model is asked.")

    static let defaultExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "default"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations,
        fields: [
            .required("model", .model, "The model that explains."),
            latents, when,
            .optional("examples", .integer(1...256), default: "40", "Examples shown to the explainer."),
            .optional(
                "sampling", .word(["quantiles", "top", "random"]), default: "quantiles",
                "How examples are chosen among the train windows."),
            .optional(
                "minimum_examples", .integer(1...65_536), default: "200",
                "Windows a latent must have fired in before it is explained."),
            .optional("maximum_tokens", .integer(8...4096), default: "128", "The most tokens of an answer."),
            .optional("concurrency", .integer(1...1024), default: "2", "Jobs under way at the same time."),
            seed,
        ],
        documentation: "Asks a language model what a latent's examples have in common.")
}
