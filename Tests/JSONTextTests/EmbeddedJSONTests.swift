import JSONText
import Testing

@Suite struct EmbeddedJSONTests {
    @Test(arguments: [
        ("{\"a\":\r\n1}", "{\"a\": 1}"), ("3", "3"), ("\"a\\nb\"", "\"a\\nb\""), ("[\n]", "[ ]"), ("null", "null"),
    ])
    func aJSONTextIsPutInAsItIsOnOneLine(text: String, written: String) {
        #expect(EmbeddedJSON(text).map { JSONValue.array([.embedded($0)]).text } == "[\(written)]")
    }

    @Test(arguments: [
        ("[\u{2028}]", nil), ("\"a\u{2028}\u{85}b\"", #""a\u2028\u0085b""#), ("[\"\u{202e}\",\t1]", #"["\u202e", 1]"#),
        ("\"\u{7f}é\u{a0}\"", "\"\\u007fé\u{a0}\""),
    ])
    func whatCouldBeTakenForAControlIsEscapedSoThatTheValueStays(text: String, written: String?) throws {
        #expect(EmbeddedJSON(text)?.text == written)
        guard let written else { return }
        #expect(try json(written).text == json(text).text)
    }

    @Test(arguments: ["", " ", "not json", "{\"a\":1", "1 2", "\"a\nb\"", "[1]]", "[1,]", "{\"a\":1,}", "\u{feff}1"])
    func whatIsNotOneJSONValueIsRefused(text: String) {
        #expect(EmbeddedJSON(text)?.text == nil)
    }
}
