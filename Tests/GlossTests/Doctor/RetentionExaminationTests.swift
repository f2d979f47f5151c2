import Testing

@testable import gloss

/// What `gloss doctor` says of settings of the shuffle topic.
@Suite struct RetentionExaminationTests {
    private let examination = RetentionExamination(topic: "told", brokers: "h:9092")
    private static let command =
        "kafka-configs.sh --bootstrap-server h:9092 --alter --entity-type topics --entity-name told --add-config "

    private func finding(_ settings: [String: String], fault: Finding.Status = .fail) -> Finding {
        examination.finding(of: settings, fault: fault)
    }

    @Test(arguments: [
        ["cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"],
        ["retention.ms": "-1"],
        // Newer brokers take no policy at all, by which nothing is removed.
        ["cleanup.policy": "", "retention.ms": "1000", "retention.bytes": "5"],
    ])
    func whatKeepsAllIsSound(settings: [String: String]) {
        #expect(finding(settings).status == .ok)
        #expect(finding(settings).message == "topic told: no bound on retention")
    }

    @Test func lessThanADayIsWarnedOfWithWhatToDo() {
        for (value, words) in [("86399999", "24 h"), ("3600000", "1 h"), ("90000", "1 min 30 s"), ("0", "0 ms")] {
            let found = finding(["cleanup.policy": "delete", "retention.ms": value, "retention.bytes": "-1"])
            #expect(found.status == .warn)
            #expect(found.message.hasPrefix("topic told: keeps records for \(words) (retention.ms=\(value)): an owner"))
            #expect(found.message.hasSuffix(Self.command + "retention.ms=-1,retention.bytes=-1"))
        }
    }

    @Test func aDayAndLongerPassesAndSaysWhatItMeans() {
        for (value, words) in [
            ("86400000", "24 h"), ("604800000", "7 days"), ("9223372036854775807", "106751991167 days"),
        ] {
            let found = finding(["retention.ms": value])
            #expect(found.status == .ok)
            #expect(found.message.hasPrefix("topic told: keeps records for \(words) (retention.ms=\(value)): "))
            #expect(found.message.hasSuffix(Self.command + "retention.ms=-1,retention.bytes=-1"))
        }
    }

    @Test func aBoundOnBytesIsWarnedOfSinceNobodyKnowsHowLongItLasts() {
        let alone = finding(["retention.ms": "-1", "retention.bytes": "1073741824"])
        #expect(alone.status == .warn)
        #expect(alone.message.contains("keeps at most 1073741824 bytes of each partition (retention.bytes=1073741824)"))
        // Also where the broker does not tell the other.
        #expect(finding(["retention.bytes": "0"]).status == .warn)
        let both = finding(["retention.ms": "1000", "retention.bytes": "7"])
        #expect(
            both.message.contains("keeps records for 1 s (retention.ms=1000) and at most 7 bytes of each partition"))
    }

    @Test(arguments: ["compact", "compact,delete", "delete, compact"])
    func compactionIsAFault(policy: String) {
        let settings = ["cleanup.policy": policy, "retention.ms": "-1", "retention.bytes": "-1"]
        #expect(finding(settings).status == .fail && finding(settings, fault: .warn).status == .warn)
        #expect(finding(settings).message.contains("cleanup.policy is "))
        #expect(
            finding(settings).message.hasSuffix(
                Self.command + "cleanup.policy=delete,retention.ms=-1,retention.bytes=-1"))
    }

    @Test(
        arguments: [[:], ["cleanup.policy": "delete"], ["retention.ms": "for ever"], ["retention.bytes": "-1"]]
            as [[String: String]])
    func whatTheBrokerDoesNotTellIsANote(settings: [String: String]) {
        #expect(finding(settings).status == .ok)
        #expect(finding(settings).message.hasSuffix(" is not known: the broker does not tell it"))
    }
}
