import JSONText
import Testing

@Suite struct SortedJSONTests {
    private struct Value: Encodable {
        let second: String
        let first: Double
    }

    @Test func membersComeInTheOrderOfTheirNamesAndSlashesAsTheyAre() throws {
        let value = Value(second: "a/b \u{1b}é", first: 0.5)
        #expect(try SortedJSON.text(of: value) == #"{"first":0.5,"second":"a/b \u001bé"}"#)
        #expect(try SortedJSON.bytes(of: value) == Array(SortedJSON.text(of: value).utf8))
    }

    @Test(arguments: [Double.nan, .infinity]) func aNumberThatHasNoJSONIsRefused(number: Double) {
        #expect(throws: EncodingError.self) { try SortedJSON.text(of: Value(second: "", first: number)) }
    }
}
