import Elements
import Testing

@testable import Corpus

@Suite struct RecordDecoderTests {
    private static let position = RecordPosition(source: "corpus", topic: "texts", partition: 3, offset: 41)

    private func decode(
        _ value: [UInt8]?, key: [UInt8]? = nil, as format: RecordFormat, maximumBytes: Int = 1000,
        vocabulary: Int? = nil
    ) -> RecordDecoder.Decoded {
        RecordDecoder(format: format, node: "corpus", maximumBytes: maximumBytes, vocabulary: vocabulary)
            .decode(RawRecord(position: Self.position, timestamp: 7, key: key, value: value))
    }

    private func document(
        _ content: Document.Content, id: String? = nil, source: String? = nil
    ) -> RecordDecoder.Decoded {
        .document(Document(position: Self.position, timestamp: 7, id: id, source: source, content: content))
    }

    private func fault(_ decoded: RecordDecoder.Decoded) -> (code: String, reason: String)? {
        guard case .deadLetter(let letter) = decoded else { return nil }
        return (letter.code, letter.reason)
    }

    @Test func textIsTakenAsItIs() {
        #expect(decode(Array("Über {}".utf8), as: .text) == document(.text("Über {}")))
    }

    @Test func jsonGivesTextIdAndSource() {
        let value =
            #" {"source":"kjv","extra":{"a":[1,{"b":null}]},"id":"g/1","text":"In the\n\"beginning\" \u00e9\ud83d\ude00"} "#
        #expect(
            decode(Array(value.utf8), as: .json)
                == document(.text("In the\n\"beginning\" é😀"), id: "g/1", source: "kjv"))
    }

    @Test func jsonGivesTokens() {
        #expect(decode(Array(#"{"tokens":[0, 5,4294967295]}"#.utf8), as: .json) == document(.tokens([0, 5, .max])))
    }

    @Test func theFrameOfConfluentsSerializersIsPassedOver() {
        let json = Array(#"{"text":"a"}"#.utf8)
        #expect(decode([0, 0, 0, 1, 7] + json, as: .json) == document(.text("a")))
        #expect(fault(decode([0, 0, 0, 1, 7], as: .json))?.code == "not-json")
        #expect(fault(decode([1, 0, 0, 1, 7] + json, as: .json))?.code == "not-json")
        #expect(decode([0, 0, 0, 0, 7, 0, 0, 0], as: .tokens) == document(.tokens([0, 7])))
    }

    @Test func packedTokensAreLittleEndian() {
        #expect(decode([1, 0, 0, 0, 0, 1, 0, 0x80], as: .tokens) == document(.tokens([1, 0x8000_0100])))
    }

    @Test func theKeyStandsInForAMissingId() {
        #expect(decode([0x61], key: Array("k".utf8), as: .text) == document(.text("a"), id: "k"))
        #expect(decode([0x61], key: [0xff], as: .text) == document(.text("a")))
        #expect(
            decode(Array(#"{"id":"own","text":"a"}"#.utf8), key: Array("k".utf8), as: .json)
                == document(.text("a"), id: "own"))
    }

    @Test func nullFieldsCountAsAbsentAndTheLastOfRepeatedFieldsCounts() {
        let value = #"{"id":null,"source":null,"tokens":null,"text":"a","text":"b"}"#
        #expect(decode(Array(value.utf8), as: .json) == document(.text("b")))
    }

    @Test func aByteOrderMarkIsPassedOver() {
        #expect(decode([0xef, 0xbb, 0xbf] + Array(#"{"text":"a"}"#.utf8), as: .json) == document(.text("a")))
        #expect(decode([0xef, 0xbb, 0xbf] + Array("a\u{feff}".utf8), as: .text) == document(.text("a\u{feff}")))
        #expect(fault(decode([0xef, 0xbb, 0xbf], as: .text))?.code == "empty")
        #expect(fault(decode([0xef, 0xbb], as: .text))?.code == "not-utf8")
    }

    @Test(arguments: ["7", "0", "-3", "18446744073709551615", "123456789012345678901234567890", "1.50", "2e3"])
    func aNumberIsAnIdAsItIsWritten(number: String) {
        let value = "{\"id\":\(number),\"text\":\"a\"}"
        #expect(decode(Array(value.utf8), as: .json) == document(.text("a"), id: number))
    }

    @Test(arguments: [
        (RecordFormat.json, #"{"text":""}"#, "empty", "\"text\""),
        (.json, #"{"tokens":[]}"#, "empty", "\"tokens\""),
        (.json, "", "empty", "no bytes"),
        (.json, "{\"text\":\"a\"", "not-json", "found the end"),
        (.json, "{\"text\":\"a\"} x", "not-json", "at byte 13"),
        (.json, "{'text':1}", "not-json", "field name"),
        (.json, "{\"text\":\"a\u{1}\"}", "not-json", "control characters"),
        (.json, #"{"text":"\ud800 "}"#, "not-json", "surrogate"),
        (.json, #"{"text":"\x"}"#, "not-json", "escape"),
        (.json, #"{"text":01}"#, "not-json", "start with 0"),
        (.json, #"{"text":"a",}"#, "not-json", "after \",\""),
        (.json, "hello", "not-json", "expected a value"),
        (.json, #"{"text":5, "#, "not-json", "the end"),
        (.json, "[1]", "wrong-shape", "found a list"),
        (.json, "\"a\"", "wrong-shape", "found a text"),
        (.json, "null", "wrong-shape", "found null"),
        (.json, "{}", "wrong-shape", "neither"),
        (.json, #"{"text":"a","tokens":[1]}"#, "wrong-shape", "both"),
        (.json, #"{"text":["a"]}"#, "wrong-shape", "\"text\" must be a text, found a list"),
        (.json, #"{"text":"a","id":[4]}"#, "wrong-shape", "\"id\" must be a text, found a list"),
        (.json, #"{"text":"a","source":4}"#, "wrong-shape", "\"source\" must be a text, found a number"),
        (.json, #"{"text":"a","source":true}"#, "wrong-shape", "\"source\" must be a text, found true or false"),
        (.json, #"{"tokens":"1"}"#, "wrong-shape", "\"tokens\" must be a list of token ids, found a text"),
        (.json, #"{"tokens":[1,"2"]}"#, "wrong-shape", "found a text at index 1"),
        (.json, #"{"tokens":[1,2.5]}"#, "wrong-shape", "found 2.5 at index 1"),
        (.json, #"{"tokens":[-1]}"#, "token-out-of-range", "Token -1 at index 0"),
        (.json, #"{"tokens":[1,50]}"#, "token-out-of-range", "Token 50 at index 1 is out of range: the model has 50"),
        (.json, #"{"tokens":[99999999999999999999999]}"#, "token-out-of-range", "99999999999999999999999"),
        (.tokens, "abcde", "odd-length", "5 bytes"),
        (.tokens, "abcd", "token-out-of-range", "index 0"),
        (.text, "", "empty", "no bytes"),
    ])
    func badInputIsADeadLetter(format: RecordFormat, value: String, code: String, reason: String) throws {
        let found = try #require(fault(decode(Array(value.utf8), as: format, vocabulary: 50)))
        #expect(found.code == code)
        #expect(found.reason.contains(reason), "\(found.reason)")
    }

    @Test func bytesThatAreNotUTF8AreNamed() throws {
        for format in [RecordFormat.text, .json] {
            let found = try #require(fault(decode(Array("ab".utf8) + [0xc3, 0x28], as: format)))
            #expect(found.code == "not-utf8")
            #expect(found.reason == "The value is not UTF-8: byte 0xc3 at offset 2.")
        }
    }

    @Test func aNullValueIsADeadLetter() {
        #expect(fault(decode(nil, as: .json))?.code == "null-value")
    }

    @Test func theLargestValueIsTakenAndOneByteMoreIsNot() {
        #expect(decode([0x61, 0x61], as: .text, maximumBytes: 2) == document(.text("aa")))
        #expect(fault(decode([0x61, 0x61, 0x61], as: .text, maximumBytes: 2))?.code == "too-large")
    }

    @Test func deepNestingIsRefusedWithoutExhaustingTheStack() {
        let depth = 400_000
        let value = #"{"x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        let found = fault(decode(Array(value.utf8), as: .json, maximumBytes: 1_000_000))
        #expect(found?.code == "not-json")
        #expect(found?.reason.contains("nesting") == true)
    }

    @Test func aDeadLetterKeepsPositionNodeAndValue() {
        let value = Array("[]".utf8)
        #expect(
            decode(value, as: .json)
                == .deadLetter(
                    DeadLetter(
                        position: Self.position, node: "corpus", code: "wrong-shape",
                        reason: "Expected a JSON object, found a list.", value: value)))
    }

    @Test func tenMegabytesOfTextAreOneDocument() throws {
        let line = "All things are lawful, \\\"but\\\" not all things edify.\\n"
        let value = Array(("{\"text\":\"" + String(repeating: line, count: 200_000) + "\"}").utf8)
        #expect(value.count > 10_000_000)
        guard case .document(let document) = decode(value, as: .json, maximumBytes: 16 << 20),
            case .text(let text) = document.content
        else {
            Issue.record("refused")
            return
        }
        #expect(text == String(repeating: "All things are lawful, \"but\" not all things edify.\n", count: 200_000))
    }
}
