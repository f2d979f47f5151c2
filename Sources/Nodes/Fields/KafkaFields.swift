import Topology

/// The fields that Kafka sources and sinks have in common.
enum KafkaFields {
    static let settings = Field.settings(
        "librdkafka", "Settings handed to librdkafka, except those that are Gloss' own.")
}
