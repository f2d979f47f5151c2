import Foundation
import JSONText
import Testing

@Suite struct JSONValueWritingTests {
    @Test func membersKeepTheirOrderOnOneLine() {
        let value = JSONValue.object([
            ("b", .array([.null, .integer(-1), .unsigned(.max), .number(0.5)])), ("a", .object([])),
            ("b", .array([.boolean(true), .boolean(false)])),
        ])
        #expect(value.text == #"{"b":[null,-1,18446744073709551615,0.5],"a":{},"b":[true,false]}"#)
    }

    @Test(arguments: [
        (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (1e22, "1e+22"), (.leastNonzeroMagnitude, "5e-324"), (0.1, "0.1"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func aNumberIsTheShortestThatReadsBackAndNullIfItIsNotFinite(number: Double, text: String) {
        #expect(JSONValue.number(number).text == text)
    }

    @Test func theEndsOfWholeNumbersAreExact() {
        #expect(JSONValue.integer(Int.min).text == "-9223372036854775808")
        #expect(JSONValue.integer(Int.max).text == "9223372036854775807")
        #expect(JSONValue.unsigned(0).text == "0")
    }

    @Test func anAbsentTextIsNull() {
        #expect(JSONValue.optional(nil).text == "null")
        #expect(JSONValue.optional("").text == "\"\"")
    }

    @Test(arguments: [
        ("plain /", #""plain /""#), ("\"\\", #""\"\\""#), ("\n\t\r\u{0}\u{1f}", #""\n\t\u000d\u0000\u001f""#),
        ("\u{7e}\u{7f}\u{9f}\u{a0}", "\"~\\u007f\\u009f\u{a0}\""),
        ("\u{2027}\u{2028}\u{2029}", "\"\u{2027}\\u2028\\u2029\""),
        ("\u{202a}\u{202e}\u{202f}", "\"\\u202a\\u202e\u{202f}\""),
        ("\u{2066}\u{2069}\u{206a}", "\"\\u2066\\u2069\u{206a}\""),
        ("é🙂", "\"é🙂\""), ("e\u{301}\n", "\"e\u{301}\\n\""),
    ])
    func onlyWhatCouldBeTakenForAControlIsEscaped(text: String, written: String) {
        #expect(JSONValue.string(text).text.unicodeScalars.elementsEqual(written.unicodeScalars))
        #expect(JSONValue.object([(text, .null)]).text.unicodeScalars.elementsEqual("{\(written):null}".unicodeScalars))
    }

    @Test func everyTextReadsBackByFoundation() throws {
        for value in UInt32(0)...0x30ff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let written = Data(JSONValue.array([.string(text)]).text.utf8)
            let read = try JSONSerialization.jsonObject(with: written) as? [String]
            #expect(read?.first?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        }
    }
}
