internal import CRdKafka

/// The librdkafka this process runs with, which need not be the one it was built with.
public enum KafkaLibrary {
    /// Its version, such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// The features it was built with, such as `ssl`, `sasl_scram` or `zstd`.
    public static var features: [String] {
        guard let configuration = rd_kafka_conf_new() else { return [] }
        defer { rd_kafka_conf_destroy(configuration) }
        var size = 1024
        var text = [CChar](repeating: 0, count: size)
        guard rd_kafka_conf_get(configuration, "builtin.features", &text, &size) == RD_KAFKA_CONF_OK else { return [] }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).split(separator: ",").map(String.init)
    }

    /// Known defects of this version that concern Gloss, one sentence each; empty if there are none.
    public static var knownProblems: [String] { knownProblems(ofVersion: rd_kafka_version()) }

    /// - Parameter number: `0xMMmmrrpp`, as `rd_kafka_version()` returns it.
    static func knownProblems(ofVersion number: Int32) -> [String] {
        defects.filter { number < $0.fixedIn }.map(\.sentence)
    }

    private static let defects: [(fixedIn: Int32, sentence: String)] = [
        (
            0x0202_00ff,
            "misreads the ApiVersions answer of some brokers (Tansu among them) and then never connects; "
                + "fixed in librdkafka 2.2.0"
        ),
        (
            0x020a_00ff,
            "cooperative-sticky consumer groups can lose track of their assignment; fixed in librdkafka 2.10.0 "
                + "(assigning all partitions, as Gloss does without a role, is not concerned)"
        ),
    ]

    /// Whether the library's words mean that it misread the answer to its first request.
    static func isApiVersionsMisreading(_ words: String) -> Bool {
        words.contains("ApiVersion") && words.contains("underflow")
    }

    /// The advice to the operator in that case.
    static var apiVersionsMisreading: String {
        "the broker's answer to ApiVersionRequest can't be read by this librdkafka (\(version)), a defect of versions "
            + "before 2.2.0 with newer brokers; install librdkafka 2.2.0 or later, or put one first in LD_LIBRARY_PATH"
    }
}
