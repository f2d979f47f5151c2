import Kafka
import Running
import StateFixtures
import Testing

@testable import Nodes

@Suite struct OutagesKafkaTests {
    private let heard = Told()
    private let clock = ManualClock()

    private func hook(of node: String = "corpus") -> @Sendable (KafkaNotice) -> Void {
        let outages = Outages(
            clock: clock, notice: heard.add, onChange: { [heard] node, isOut in heard.add(node, "is out: \(isOut)") })
        return outages.kafkaNotices(of: node, notice: heard.add)
    }

    private func notice(_ kind: KafkaNotice.Kind, _ text: String, _ level: KafkaNotice.Level = .warning) -> KafkaNotice
    {
        KafkaNotice(kind: kind, level: level, description: text)
    }

    /// The notices of a client whose broker was killed: hundreds within seconds.
    @Test func anOutageIsALineOneAMinuteAndOneAtItsEnd() {
        let tell = hook()
        for second in 0..<150 {
            for _ in 0..<20 {
                tell(notice(.brokerUnreachable, "a broker: refused"))
                tell(notice(.allBrokersDown, second < 90 ? "no broker: refused" : "no broker: no route", .error))
                tell(notice(.log, "REQTMOUT", .warning))
            }
            tell(notice(.partitionTrouble, "texts[0]: no leader"))
            clock.advance(by: .seconds(1))
        }
        tell(notice(.recovered, "the broker answers again", .information))
        tell(notice(.recovered, "the broker answers again", .information))
        #expect(
            heard.lines == [
                "corpus: no broker: refused", "corpus: is out: true",
                "corpus: still failing after 1 min 0 s: 3659 more failures",
                "corpus: still failing after 2 min 0 s: 3660 more failures; now: no broker: no route",
                "corpus: the broker answers again, after 2 min 30 s", "corpus: is out: false",
            ])
    }

    @Test func aTopicThatIsMissingIsAnOutageThatEndsWhenItIsThere() {
        let tell = hook()
        for _ in 0..<30 {
            tell(notice(.topicMissing, "waits for a topic"))
            clock.advance(by: .seconds(1))
        }
        tell(notice(.recovered, "there is texts", .information))
        #expect(
            heard.lines == [
                "corpus: waits for a topic", "corpus: is out: true", "corpus: there is texts, after 30 s",
                "corpus: is out: false",
            ])
    }

    @Test func backpressureAndTheLibrarysOwnLogAreForDebugging() {
        let tell = hook()
        for level in [KafkaNotice.Level.debug, .information, .warning, .error] {
            for kind in [KafkaNotice.Kind.paused, .resumed, .log] { tell(notice(kind, "\(kind) \(level)", level)) }
        }
        #expect(heard.lines == ["corpus: log warning", "corpus: log error"])
    }
}
