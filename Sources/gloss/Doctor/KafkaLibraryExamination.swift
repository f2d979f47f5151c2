import Kafka

/// The librdkafka that is loaded, and its known defects.
enum KafkaLibraryExamination {
    static var findings: [Finding] {
        let features = KafkaLibrary.features.joined(separator: ", ")
        return [Finding(.ok, "librdkafka", "\(KafkaLibrary.version) (\(features))")]
            + KafkaLibrary.knownProblems.map { Finding(.warn, "librdkafka", "\(KafkaLibrary.version) \($0)") }
    }
}
