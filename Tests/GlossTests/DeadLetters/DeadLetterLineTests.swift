import Elements
import Foundation
import Store
import Testing

@testable import gloss

/// Dead letters as they are printed.
@Suite struct DeadLetterLineTests {
    private func stored(_ value: [UInt8], topic: String = "texts") -> StoredDeadLetter {
        StoredDeadLetter(
            sequence: 12,
            letter: DeadLetter(
                position: RecordPosition(source: "corpus", topic: topic, partition: 3, offset: 40), node: "corpus",
                code: "not-json", reason: "It begins\nwith \u{1B}[31ma letter.", value: value), made: 0)
    }

    @Test func aLineTellsNumberTimePlaceCodeReasonAndHowTheRecordBegins() {
        let text = DeadLetterLine(
            stored(Array("half a\trecord".utf8)), replay: ReplayState(earlier: 2, progress: .sent(offset: 99))
        ).text
        #expect(
            text == """
                12 1970-01-01T00:00:00.000Z corpus texts/3/40 not-json: It begins with [31ma letter. – sent again as offset 99 \
                – itself sent again before, time 2
                    half a record
                """)
    }

    @Test func aFileIsNamedByItsPathAndAByte() {
        let line = DeadLetterLine(stored([1], topic: "./corpus.ndjson"), replay: nil)
        #expect(line.text.hasPrefix("12 1970-01-01T00:00:00.000Z corpus ./corpus.ndjson at byte 40 not-json: "))
    }

    @Test(
        arguments: [
            ([], "(no bytes)"), ([0xfc, 0x41], "2 bytes that are no text: fc 41"),
            (
                [UInt8](repeating: 0xff, count: 20),
                "20 bytes that are no text: " + String(repeating: "ff ", count: 16) + "…"
            ),
            (Array(String(repeating: "é", count: 500).utf8), String(repeating: "é", count: 99) + "…"),
            (Array(("a" + String(repeating: "é", count: 500)).utf8), "a" + String(repeating: "é", count: 98) + "…"),
        ] as [([UInt8], String)])
    func recordsBeginAsTextOrAsBytes(value: [UInt8], beginning: String) {
        #expect(DeadLetterLine(stored(value), replay: nil).text.hasSuffix("\n    " + beginning))
    }

    @Test(
        arguments: [
            (nil, "none", nil, 0), (ReplayState(earlier: 1, progress: .notBegun), "none", nil, 1),
            (ReplayState(earlier: 0, progress: .begun), "begun", nil, 0),
            (ReplayState(earlier: 0, progress: .sent(offset: nil)), "sent", nil, 0),
            (ReplayState(earlier: 4, progress: .sent(offset: 7)), "sent", 7, 4),
        ] as [(ReplayState?, String, Int?, Int)])
    func theJSONIsTheSharedEncodingWithWhatIsKnownOfAReplay(
        state: ReplayState?, word: String, offset: Int?, earlier: Int
    ) throws {
        struct Letter: Decodable {
            let type, code, topic, value, replay: String
            let number, offset, replays: Int
            let replay_offset: Int?
        }
        let json = DeadLetterLine(stored(Array("x".utf8)), replay: state).json
        let letter = try JSONDecoder().decode(Letter.self, from: Data(json.utf8))
        #expect(letter.type == "dead_letter" && letter.code == "not-json" && letter.topic == "texts")
        #expect(letter.value == "x" && letter.number == 12 && letter.offset == 40)
        #expect(letter.replay == word && letter.replay_offset == offset && letter.replays == earlier)
    }
}
