import Topology

/// Schemas of every node of the design's example, as the daemon would give them.
enum ExampleSchemas {
    static let all = sources + stages + sinks

    static let sources: [NodeSchema] = [
        NodeSchema(
            kind: .source, type: "kafka", output: .documents, ports: ["rejected": .deadLetters],
            fields: [
                .required("brokers", .string, "The brokers."),
                .required("topics", .list(.string), "The topics."),
                .optional("group", .string, "The label of committed offsets."),
                .required("start", .word(["earliest", "latest", "error"]), "Where a first run begins."),
                .optional("format", .word(["json", "text", "tokens"]), default: "json", "The form of records."),
                .optional("librdkafka", .settings, default: "{}", "Settings handed to librdkafka."),
            ], documentation: "Reads documents from Kafka."),
        NodeSchema(
            kind: .source, type: "file", output: .documents, ports: ["rejected": .deadLetters],
            fields: [.required("path", .path, "The file.")], documentation: "Reads documents from a file."),
        NodeSchema(
            kind: .source, type: "stdin", output: .documents, ports: ["rejected": .deadLetters],
            documentation: "Reads documents from standard input, at most once."),
    ]

    static let stages: [NodeSchema] = [
        NodeSchema(
            kind: .stage, type: "tokenize", inputs: [.documents], output: .contexts,
            fields: [
                .required("model", .model, "The model whose tokenizer is used."),
                .optional("context", .integer(8...32_768), default: "256", "The most tokens of a context."),
            ], documentation: "Cuts documents into contexts."),
        NodeSchema(
            kind: .stage, type: "forward", inputs: [.contexts], output: .activations,
            fields: [
                .required("model", .model, "The model."),
                .required("hookpoints", .list(.hookpoint), "Where activations are read."),
            ], documentation: "Runs the model."),
        NodeSchema(
            kind: .stage, type: "encode", inputs: [.activations], maximumInputs: 1, output: .codes,
            fields: [
                .required("coder", .path, "The coder's directory."),
                .required("hookpoint", .hookpoint, "What the coder reads."),
                .optional("mask_first", .boolean, default: "true", "Whether first positions are masked."),
            ], documentation: "Encodes activations."),
        NodeSchema(
            kind: .stage, type: "reservoir", inputs: [.codes], output: .evidence,
            fields: [
                .optional("window", .integer(4...1024), default: "32", "The tokens of a window."),
                .optional("sample", .integer(2...65_536), default: "256", "The windows sampled per latent."),
                .optional("top", .integer(0...65_536), default: "16", "The strongest windows kept."),
                .optional("pool", .integer(1...16_777_216), default: "16384", "The windows of the pool."),
                .optional("seed", .integer(0...Int.max), default: "0", "The seed."),
            ], documentation: "Keeps evidence."),
        explain("lexical", []),
        explain(
            "default",
            [
                .required("model", .model, "The model asked."),
                .optional("examples", .integer(1...1000), default: "40", "The examples shown."),
                .optional(
                    "sampling", .word(["quantiles", "top", "random"]), default: "quantiles", "How they are chosen."),
                .optional(
                    "threshold", .number(0...1), default: "0.3", "The share of the peak above which tokens are marked."),
            ]),
        score("execution", []),
        score("detection", [.required("model", .model, "The judge.")]),
        score("fuzzing", [.required("model", .model, "The judge.")]),
    ]

    static let sinks: [NodeSchema] = [
        NodeSchema(
            kind: .sink, type: "kafka", inputs: [.explanations, .scores, .deadLetters],
            fields: [
                .optional("brokers", .string, default: "\"127.0.0.1:9092\"", "The brokers."),
                .required("topic", .string, "The topic."),
                .optional("librdkafka", .settings, "Settings handed to librdkafka."),
            ], documentation: "Writes to Kafka.")
    ]

    static func explain(_ explainer: String, _ fields: [FieldSchema]) -> NodeSchema {
        NodeSchema(
            kind: .stage, type: "explain", variant: .init(field: "explainer", value: explainer), inputs: [.evidence],
            maximumInputs: 1, output: .explanations,
            fields: fields + [
                .optional("minimum_examples", .integer(1...Int.max), default: "200", "The evidence needed."),
                .optional("latents", .latents, default: "all", "Which latents."),
            ], documentation: "Explains latents.")
    }

    static func score(_ method: String, _ fields: [FieldSchema]) -> NodeSchema {
        NodeSchema(
            kind: .stage, type: "score", variant: .init(field: "method", value: method), inputs: [.explanations],
            output: .scores, fields: fields + [.optional("latents", .latents, default: "all", "Which latents.")],
            documentation: "Scores explanations.")
    }

    /// A reader with these schemas and the settings that the design reserves.
    static func reader(environment: [String: String] = ["GLOSS_LLM_KEY": "hunter2", "COUNT": "12", "WORD": "hunter2"])
        -> TopologyReader
    {
        TopologyReader(schemas: all, environment: environment) { name in
            name.hasPrefix("enable.auto.") || name.hasPrefix("group.") || name == "auto.offset.reset"
                ? "offsets are kept with the evidence" : nil
        }
    }
}
