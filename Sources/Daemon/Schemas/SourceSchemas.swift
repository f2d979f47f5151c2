import Topology

extension NodeSchema {
    private static let format = FieldSchema.optional(
        "format", .word(["json", "text", "tokens"]), default: "json",
        "How a record is read: JSON with `text` or `tokens`, plain text, or packed little-endian 32-bit token ids.")
    private static let largest = FieldSchema.optional(
        "maximum_record", .bytes, default: "16MiB", "Records larger than this become dead letters.")
    private static let rejected = ["rejected": EdgeType.deadLetters]

    static let kafkaSource = NodeSchema(
        kind: .source, type: "kafka", output: .documents, ports: rejected,
        fields: [
            .required("brokers", .string, "Addresses of brokers, `host:port`, separated by commas."),
            .required("topics", .list(.string), "The topics to read, all their partitions."),
            .optional(
                "group", .string,
                "A name under which offsets are committed, for lag tools only: the truth is the fence."),
            .optional(
                "start", .word(["earliest", "latest"]), default: "earliest",
                "Where to start on a partition that has no fence yet."),
            format, largest,
            .optional("librdkafka", .settings, "Settings handed to librdkafka, except those that are Gloss' own."),
        ],
        documentation: "Reads records from Kafka: all partitions of its topics, from the fence of the last checkpoint.")

    static let fileSource = NodeSchema(
        kind: .source, type: "file", output: .documents, ports: rejected,
        fields: [
            .required("path", .path, "A file of lines (NDJSON or plain text), plain or gzip."),
            format, largest,
        ],
        documentation: "Reads a file line by line; resumable by byte offset.")

    static let delphiSource = NodeSchema(
        kind: .source, type: "delphi_cache", output: .codes, ports: rejected,
        fields: [
            .required("path", .path, "The folder of one hookpoint in a cache written by delphi."),
            .required("hookpoint", .hookpoint, "The hookpoint whose activations the cache holds."),
            .required("model", .model, "The model whose tokenizer the cached tokens are of."),
            .optional(
                "mask_first", .boolean, default: "false",
                "Leave out the first position of every row, an attention sink; delphi counts it."),
        ],
        documentation:
            "Reads tokens and codes from a cache written by delphi; each row of tokens is one context and one document."
    )

    static let stdinSource = NodeSchema(
        kind: .source, type: "stdin", output: .documents, ports: rejected, fields: [format, largest],
        documentation: "Reads standard input line by line; at most once: what a crash loses is not read again.")
}
