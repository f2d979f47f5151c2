import Topology

extension NodeSchema {
    static let readsTexts =
        "It needs a model in this process, or a server whose `/completions` has `echo` and `logprobs`, as vLLM's has."

    static let simulation = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "simulation"), inputs: [.explanations],
        output: .scores,
        fields: [
            .required("model", .model, "The model that tells activations. \(readsTexts)"),
            latents, overlap, examples,
            .optional(
                "scale", .integer(9...10), default: "10",
                "The largest value it may give a token; 9 for a model behind a server that writes 10 in two tokens."),
            shuffles, concurrency, seed,
        ] + rounds(growth: 4, recent: false),
        documentation:
            "Has a model tell the activation of every token of held-out windows from the explanation, by log-probabilities and all tokens of a window at once; the score is Pearson's correlation with the true ones, and chance is 0."
    )

    static let surprisal = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "surprisal"), inputs: [.explanations],
        output: .scores,
        fields: [
            .required("model", .model, "The model that reads. \(readsTexts)"),
            latents, overlap, examples, shuffles, concurrency, seed,
        ] + rounds(growth: 4, recent: false),
        documentation:
            "The area under the ROC curve of how much more likely a model finds held-out windows, every token counted, behind the explanation than behind a description of nothing."
    )

    static let intruder = NodeSchema(
        kind: .stage, type: "score", variant: Variant(field: "method", value: "intruder"), inputs: [.explanations],
        output: .scores,
        fields: [
            .required("model", .model, "The judge."),
            latents, overlap,
            .optional("trials", .integer(1...4096), default: "30", "The most trials of a latent."),
            .optional(
                "windows", .integer(2...9), default: "5",
                "Held-out windows shown in one trial: one in which the latent is silent, and others of one tenth by strength."
            ),
            .optional(
                "answers", .word(["auto", "text", "probabilities"]), default: "auto",
                "A number as text, or the log-probabilities of the numbers; `auto` takes log-probabilities of a model in this process and text of a server."
            ),
            controls("trials of silent windows alone are judged too"),
            concurrency, seed,
        ] + rounds(growth: 4, recent: false),
        documentation:
            "Asks a judge which of some marked windows does not belong to the others; no explanation is shown, so it goes with `explainer: none` too. Chance is one in as many as there are windows."
    )
}
