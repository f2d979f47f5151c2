public import Topology

extension NodeSchema {
    static let kafkaSink = NodeSchema(
        kind: .sink, type: "kafka", inputs: [.explanations, .scores, .deadLetters],
        fields: [
            .required("topic", .string, "The topic to write to."),
            .optional("brokers", .string, "Addresses of brokers; by default those of the topology's Kafka source."),
            .optional("librdkafka", .settings, "Settings handed to librdkafka, except those that are Gloss' own."),
        ],
        documentation: "Publishes results or dead letters through the outbox, each under its job id.")

    /// Every kind of node that this build knows.
    public static let all: [NodeSchema] = [
        kafkaSource, fileSource, stdinSource, delphiSource,
        tokenize, forward, encode, reservoir,
        lexicalExplain, defaultExplain, contrastiveExplain, bestOfExplain, loadedExplain, noExplain,
        execution, embedding, detection, fuzzing, intervention, simulation, surprisal, intruder,
        kafkaSink,
    ]
}
