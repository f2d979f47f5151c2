import Topology

extension NodeSchema {
    static let latents = FieldSchema.optional(
        "latents", .latents, default: "all", "Which latents: `all`, a list, a range, or `{ sample: n, seed: s }`.")
    static let seed = FieldSchema.optional("seed", .integer(0...Int.max), default: "0", "The seed of every choice.")
    private static let when = FieldSchema.optional(
        "when", .word(["ready", "drained"]), default: "ready",
        "When a latent is explained: once it has enough examples, or when the input is drained.")

    private static let again: [FieldSchema] = [
        .optional(
            "regrowth", .integer(0...1_048_576), default: "4",
            "A latent is explained again once it has fired in so many times as many windows; 0 for never. The new explanation replaces the old one where the score nodes behind find it better on the same held-out windows; without a score node nothing is explained again."
        ),
        .optional(
            "drift", .boolean, default: "true",
            "Explain a latent again, once before its evidence has grown that much, where the deciles of its peaks have moved or the current score of its explanation has fallen out of its interval."
        ),
    ]

    static let lexicalExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "lexical"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations,
        fields: [
            latents, when,
            .optional(
                "minimum_examples", .integer(1...65_536), default: "10", "Train windows a latent must have."),
            .optional(
                "tokens", .integer(1...8), default: "8",
                "The most tokens, or kinds and pairs of tokens, of an explanation's first clause."),
            .optional(
                "clauses", .integer(1...3), default: "3",
                "The most clauses: what a window contains, and what else it contains or does not."),
            .optional(
                "terms", .word(["all", "tokens"]), default: "all",
                "What clauses are made of; with `tokens` an explanation is one plain list of tokens, to compare with."),
            seed,
        ] + again,
        documentation: "Explains a latent by the tokens its windows contain; no language model is asked.")

    /// What every explainer that asks a model takes.
    private static let asking: [FieldSchema] =
        [
            .required("model", .model, "The model that explains."),
            latents, when,
            .optional("examples", .integer(1...256), default: "40", "Examples shown to the explainer."),
            .optional(
                "sampling", .word(["quantiles", "top", "random", "mix"]), default: "quantiles",
                "How examples are chosen among the train windows; `mix` is a fifth `top` and the rest `quantiles`."),
            .optional("strengths", .boolean, default: "true", "List how strong the response was below each example."),
            .optional(
                "chain_of_thought", .boolean, default: "false",
                "Ask the model to think in a few lines before it answers."),
            .optional(
                "minimum_examples", .integer(1...65_536), default: "200",
                "Windows a latent must have fired in before it is explained."),
            .optional(
                "maximum_tokens", .integer(8...4096),
                "The most tokens of an answer; by default 128, or 512 with thought."),
            concurrency, seed,
        ] + again

    static let defaultExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "default"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations, fields: asking,
        documentation: "Asks a language model what a latent's examples have in common.")

    static let contrastiveExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "contrastive"),
        inputs: [.evidence], maximumInputs: 1, output: .explanations,
        fields: asking + [
            .optional(
                "contrasts", .integer(1...64), default: "8",
                "Train windows shown in which the latent is silent; those that hold one of its tokens come first.")
        ],
        documentation: "Asks a language model what sets a latent's examples apart from windows that leave it silent.")

    static let bestOfExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "best-of"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations,
        fields: asking + [
            .optional(
                "candidates", .integer(2...16), default: "3", "Explanations asked for, each from other examples."),
            .optional(
                "fold", .integer(4...256), default: "20",
                "Train windows, firing and as many silent, on which the model compares them; none of them is shown."),
        ],
        documentation: "Asks for several explanations and keeps the one that tells train windows apart best.")

    private static let enough = FieldSchema.optional(
        "minimum_examples", .integer(1...65_536), default: "10", "Windows a latent must have fired in.")

    static let loadedExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "loaded"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations,
        fields: [
            .required(
                "path", .path,
                "A file of JSON lines with `index` and `description`, as Neuronpedia has them, or `latent` and `explanation`."
            ),
            latents, when, enough,
        ],
        documentation: "Takes explanations from a file, so that they are scored like any others.")

    static let noExplain = NodeSchema(
        kind: .stage, type: "explain", variant: Variant(field: "explainer", value: "none"), inputs: [.evidence],
        maximumInputs: 1, output: .explanations, fields: [latents, when, enough],
        documentation: "Explains nothing: for scores that need no explanation.")
}
