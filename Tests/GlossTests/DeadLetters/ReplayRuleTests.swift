import Corpus
import Elements
import Kafka
import Store
import Testing

@testable import gloss

/// What is sent of a dead letter, and when nothing is.
@Suite struct ReplayRuleTests {
    private static let position = RecordPosition(source: "corpus", topic: "texts", partition: 1, offset: 7)
    private static let text = Array(#"{"text": "long enough"}"#.utf8)

    private func letter(_ value: [UInt8] = text, code: String = "too-large") -> DeadLetter {
        DeadLetter(position: Self.position, node: "corpus", code: code, reason: "x", value: value)
    }

    private func record(_ value: [UInt8]?, headers: [KafkaHeader] = []) -> KafkaRecord {
        KafkaRecord(
            topic: "texts", partition: 1, offset: 7, timestamp: 1_700_000_000_000, key: [107], value: value,
            headers: headers)
    }

    /// A rule by which JSON of at most so many bytes is taken.
    private func rule(upTo bytes: Int = 1 << 20, again: Bool = false) -> ReplayRule {
        let decoder = RecordDecoder(format: .json, node: "corpus", maximumBytes: bytes)
        return ReplayRule(allowsAgain: again) { record in
            guard case .deadLetter(let letter) = decoder.decode(record) else { return nil }
            return letter
        }
    }

    private func obstacle(_ decision: ReplayRule.Decision) -> ReplayObstacle? {
        guard case .leave(let obstacle) = decision else { return nil }
        return obstacle
    }

    @Test func aRecordThatTheTopicHoldsGoesWithItsKeyItsHeadersAndItsTime() {
        let own = KafkaHeader(name: "trace", value: [1])
        let decision = rule().decision(on: letter(), earlier: 0, record: record(Self.text, headers: [own]))
        let expected = KafkaMessage(
            topic: "texts", partition: 1, key: [107], value: Self.text,
            headers: [
                own, KafkaHeader(name: "gloss-replay-of", value: Array("corpus/texts/1/7".utf8)),
                KafkaHeader(name: "gloss-replays", value: Array("1".utf8)),
            ], timestamp: 1_700_000_000_000)
        #expect(decision == .send(expected, count: 1))
    }

    @Test func whatTheTopicNoLongerHoldsIsTakenFromTheStateIfItIsWholeThere() {
        guard case .send(let message, 1) = rule().decision(on: letter(), earlier: 0, record: nil) else {
            Issue.record("a whole value was not sent")
            return
        }
        #expect(message.value == Self.text && message.key == nil && message.timestamp == nil)
        let cut = letter([UInt8](repeating: 0x20, count: DeadLetter.keptBytes))
        #expect(obstacle(rule().decision(on: cut, earlier: 0, record: nil)) == .isCutOff)
    }

    @Test func anotherRecordAtTheSamePlaceIsNotTakenForTheRefusedOne() {
        let other = record(Array(#"{"text": "of a topic made anew"}"#.utf8))
        guard case .send(let message, _) = rule().decision(on: letter(), earlier: 0, record: other) else {
            Issue.record("the value in the state was not sent")
            return
        }
        #expect(message.value == Self.text && message.key == nil)
    }

    @Test func moreThanWasKeptIsReadFromTheTopic() {
        let long = Array(#"{"text": ""#.utf8) + [UInt8](repeating: 0x61, count: 100_000) + Array(#""}"#.utf8)
        guard case .send(let message, _) = rule().decision(on: letter(long), earlier: 0, record: record(long)) else {
            Issue.record("a long record was not sent")
            return
        }
        #expect(message.value == long)
        #expect(
            obstacle(rule(upTo: 99_000).decision(on: letter(long), earlier: 0, record: record(long)))
                == .wouldBeRefused(
                    code: "too-large", reason: "The value is \(long.count) bytes long; at most 99000 are taken."))
    }

    @Test func whatIsLargerThanWhatIsSentIsLeft() {
        // The value, the names and values of the two headers, and the frame.
        let whole = Self.text.count + 15 + 16 + 13 + 1 + 512
        var rule = self.rule()
        rule.largest = whole
        guard case .send = rule.decision(on: letter(), earlier: 0, record: nil) else {
            Issue.record("a value of the largest size was not sent")
            return
        }
        rule.largest -= 1
        #expect(
            obstacle(rule.decision(on: letter(), earlier: 0, record: nil))
                == .isTooLarge(bytes: whole, most: whole - 1))
        let held = record(Self.text, headers: [KafkaHeader(name: "trace", value: [1, 2])])
        rule.largest = whole + 7
        #expect(
            obstacle(rule.decision(on: letter(), earlier: 0, record: held))
                == .isTooLarge(bytes: whole + 8, most: whole + 7))
    }

    @Test func nothingIsSentOfANull() {
        let null = letter([], code: "null-value")
        #expect(obstacle(rule().decision(on: null, earlier: 0, record: record(nil))) == .isNull)
        #expect(obstacle(rule().decision(on: null, earlier: 0, record: nil)) == .isNull)
        #expect(
            obstacle(rule().decision(on: letter([], code: "empty"), earlier: 0, record: nil))
                == .wouldBeRefused(code: "empty", reason: "The value has no bytes."))
    }

    @Test(arguments: [(0, "2", 2), (3, nil, 3), (1, "5", 5), (0, "x", 0), (0, "-4", 0), (0, "99999999999999999999", 0)])
    func whatWasSentAgainBeforeIsLeftUnlessItIsAskedFor(earlier: Int, header: String?, times: Int) {
        let headers = header.map { [KafkaHeader(name: "gloss-replays", value: Array($0.utf8))] } ?? []
        let held = record(Self.text, headers: headers)
        let decision = rule().decision(on: letter(), earlier: earlier, record: held)
        #expect(obstacle(decision) == (times > 0 ? .wasReplayed(times: times) : nil))
        guard
            case .send(let message, times + 1) = rule(again: true).decision(
                on: letter(), earlier: earlier, record: held)
        else {
            Issue.record("--again sent nothing")
            return
        }
        #expect(message.headers.filter { $0.name == "gloss-replays" }.map(\.value) == [Array("\(times + 1)".utf8)])
    }

    @Test func lettersOfOnePartitionAreReadOneAfterTheOther() {
        let stored = [(0, "a"), (1, "a"), (0, "a"), (2, "a"), (1, "a"), (1, "b"), (1, "b")].enumerated().map {
            StoredDeadLetter.of(
                sequence: Int64($0.offset + 1), partition: Int32($0.element.0), source: $0.element.1)
        }
        #expect(
            KafkaReplayWorld.rounds(of: stored).map { $0.map(\.sequence) } == [[1, 2], [3, 4, 5, 6], [7]])
    }
}

extension StoredDeadLetter {
    fileprivate static func of(sequence: Int64, partition: Int32, source: String) -> StoredDeadLetter {
        StoredDeadLetter(
            sequence: sequence,
            letter: DeadLetter(
                position: RecordPosition(source: source, topic: "t", partition: partition, offset: sequence),
                node: source, code: "empty", reason: "", value: []), made: 0)
    }
}
