import JSONText
import Testing

@Suite struct EmbeddedJSONTests {
    @Test(arguments: [
        ("{\"a\":\r\n1}", "{\"a\": 1}"), ("3", "3"), ("\"a\\nb\"", "\"a\\nb\""), ("[\n]", "[ ]"), ("null", "null"),
    ])
    func aJSONTextIsPutInAsItIsOnOneLine(text: String, written: String) {
        #expect(EmbeddedJSON(text).map { JSONValue.array([.embedded($0)]).text } == "[\(written)]")
    }

    @Test(arguments: ["", " ", "not json", "{\"a\":1", "1 2", "\"a\nb\"", "[1]]"])
    func whatIsNotOneJSONValueIsRefused(text: String) {
        #expect(EmbeddedJSON(text)?.text == nil)
    }
}
