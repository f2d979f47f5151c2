import Kafka
import TerminalText

/// Whether brokers keep the records of the shuffle topic for as long as an owner may need them.
struct RetentionExamination {
    let topic: String
    /// Brokers, as a command takes them.
    let brokers: String

    private static var subject: String { ShuffleExamination.subject }
    /// How long an owner may be down or behind and lose nothing, at least.
    private static let leastMilliseconds: Int64 = 24 * 3_600_000

    // A function of its own: see `BrokerExamination.cluster`.
    @inline(never)
    static func finding(
        of topic: String, _ settings: KafkaSettings, fault: Finding.Status
    ) async -> Finding {
        let examination = RetentionExamination(topic: topic, brokers: settings.brokers)
        do {
            let found = try await KafkaAdmin.configuration(
                ofTopic: topic, settings: settings, timeout: BrokerExamination.timeout)
            return examination.finding(of: found, fault: fault)
        } catch {
            return examination.unknown("\(error)")
        }
    }

    /// What settings of the topic mean.
    ///
    /// - Parameter fault: The status of what loses records at any time.
    func finding(of settings: [String: String], fault: Finding.Status) -> Finding {
        let policies = settings["cleanup.policy"]?.filter { !$0.isWhitespace }.split(separator: ",")
        if let policies, policies.contains("compact") {
            return Finding(
                fault, Self.subject,
                "topic \(topic): cleanup.policy is \(policies.joined(separator: ",")): brokers that compact refuse records "
                    + "without a key, as these are, or remove them; \(alteration(["cleanup.policy=delete"]))")
        }
        if let policies, !policies.contains("delete") { return unbounded }
        let time = settings["retention.ms"].flatMap { Int64($0) }
        let bytes = settings["retention.bytes"].flatMap { Int64($0) }
        return bounded(time: time, bytes: bytes)
    }

    private func bounded(time: Int64?, bytes: Int64?) -> Finding {
        var bounds: [String] = []
        if let time, time >= 0 { bounds.append("records for \(Self.text(time)) (retention.ms=\(time))") }
        if let bytes, bytes >= 0 {
            bounds.append("at most \(bytes) bytes of each partition (retention.bytes=\(bytes))")
        }
        let kept = "topic \(topic): keeps \(bounds.joined(separator: " and "))"
        let isShort = time.map { (0..<Self.leastMilliseconds).contains($0) } ?? false
        // How long it takes until so many bytes are told, nobody knows.
        if isShort || (bytes ?? -1) >= 0 {
            return Finding(
                .warn, Self.subject,
                "\(kept): an owner that is down or behind for a day may lose some, and one that has lost its state is "
                    + "refused; \(alteration([]))")
        }
        guard let time else { return unknown("the broker does not tell it") }
        if time < 0 { return unbounded }
        return Finding(
            .ok, Self.subject,
            "\(kept): an owner that is down or behind for longer, or has lost its state by then, is refused; "
                + alteration([]))
    }

    private var unbounded: Finding { Finding(.ok, Self.subject, "topic \(topic): no bound on retention") }

    private func unknown(_ reason: String) -> Finding {
        Finding(
            .ok, Self.subject,
            "topic \(topic): its retention, which must have no bound (retention.ms=-1, retention.bytes=-1), is not known: "
                + reason)
    }

    /// The command that has the topic keep all.
    private func alteration(_ more: [String]) -> String {
        let settings = (more + ["retention.ms=-1", "retention.bytes=-1"]).joined(separator: ",")
        return "to keep all: kafka-configs.sh --bootstrap-server \(brokers) --alter --entity-type topics "
            + "--entity-name \(topic) --add-config \(settings)"
    }

    private static func text(_ milliseconds: Int64) -> String {
        let days = milliseconds / (24 * 3_600_000)
        if days > 1 { return "\(days) days" }
        return milliseconds < 1000 ? "\(milliseconds) ms" : DurationText.text(Double(milliseconds) / 1000)
    }
}
