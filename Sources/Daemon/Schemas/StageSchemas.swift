import Topology

extension NodeSchema {
    static let tokenize = NodeSchema(
        kind: .stage, type: "tokenize", inputs: [.documents], output: .contexts,
        fields: [
            .required("model", .model, "The model whose tokenizer is used."),
            .optional(
                "context", .integer(8...131_072), default: "256", "The most tokens of one context, BOS included."),
        ],
        documentation: "Cuts each document into contexts of token ids; no context crosses a document.")

    static let forward = NodeSchema(
        kind: .stage, type: "forward", inputs: [.contexts], output: .activations,
        fields: [
            .required("model", .model, "The subject model."),
            .required("hookpoints", .list(.hookpoint), "Where activations are taken, such as `layers.10`."),
            .optional("workers", .integer(1...512), "Threads, one BLAS thread each; by default one per core."),
            .optional(
                "batch", .integer(64...1_048_576), default: "4096", "Tokens worked on together by one worker."),
        ],
        documentation: "Runs the model up to the deepest hookpoint asked for.")

    static let encode = NodeSchema(
        kind: .stage, type: "encode", inputs: [.activations], output: .codes,
        fields: [
            .required(
                "coder", .path,
                "The folder of a sparse coder in the format of SAELens, sparsify or Gemma Scope; `neurons` for the hookpoint's own neurons; `random` for a control."
            ),
            .required("hookpoint", .hookpoint, "The hookpoint the coder was trained on."),
            .optional(
                "mask_first", .boolean, default: "true",
                "Leave out the first position of every context, an attention sink."),
            .optional("k", .integer(1...4096), "For `neurons`: the most that are active on a token; by default 32."),
            .optional(
                "sides", .word(["positive", "absolute", "signed"]),
                "For `neurons`: which sides of an activation are latents; by default `positive`. `signed` makes each side one."
            ),
            .optional("like", .path, "For `random`: the folder of the coder whose shape it takes."),
            .optional("seed", .integer(0...Int.max), "For `random`: what the directions are drawn from; by default 0."),
            .optional("workers", .integer(1...512), "Threads; by default one per core."),
        ],
        documentation: "Turns activations into sparse codes.")

    static let reservoir = NodeSchema(
        kind: .stage, type: "reservoir", inputs: [.codes], maximumInputs: 1, output: .evidence,
        fields: [
            .optional("window", .integer(4...256), default: "32", "Tokens of a window."),
            .optional(
                "sample", .integer(2...65_536), default: "256", "Windows sampled per latent, half on each side."),
            .optional(
                "top", .integer(0...4096), default: "16", "Train windows with the largest peaks kept per latent."),
            .optional("pool", .integer(0...1_048_576), default: "16384", "Windows in the pool of negatives."),
            .optional("recent", .integer(0...4096), default: "32", "Fresh test windows kept per latent and day."),
            .optional("seed", .integer(0...Int.max), default: "0", "The seed of every hash."),
        ],
        documentation: "Keeps a bounded, mergeable sample of windows per latent, and counts over every token.")
}
