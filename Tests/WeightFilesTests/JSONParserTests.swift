import Foundation
import Testing
import WeightFiles

@Suite struct JSONParserTests {
    private func parse(_ bytes: some Collection<UInt8>) -> Result<JSONValue, JSONError> {
        Array(bytes).withUnsafeBytes { bytes in Result { () throws(JSONError) in try JSONParser.parse(bytes) } }
    }

    private func matches(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: other is NSNull
        case .boolean(let value): other as? Bool == value
        case .integer(let value): other as? Int == value
        case .number(let value): other as? Double == value
        case .string(let value): other as? String == value
        case .array(let values):
            if let others = other as? [Any] {
                values.count == others.count && zip(values, others).allSatisfy { matches($0, $1) }
            } else {
                false
            }
        case .object(let members):
            if let others = other as? [String: Any] {
                members.count == others.count
                    && members.allSatisfy { member in others[member.key].map { matches(member.value, $0) } ?? false }
            } else {
                false
            }
        }
    }

    @Test(arguments: [
        "{}", " [ ] ", "null", "[true,false,null]", "-0.5e+3", "[0,-1,12345678901234567,1e3,1.25]",
        "{\"a\":{\"b\":[{\"c\":\"d\"}]},\"e\":2}", #""\u00e9\ud83d\ude00\n\t\"\\\/\b\f\r""#, "\"naïve 😀\"",
        "{\"\":\"\"}", "\n{\t\"a\" :\r1 }\n",
    ])
    func valuesEqualFoundations(text: String) throws {
        let expected = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        #expect(matches(try parse(text.utf8).get(), expected))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "tru", "nul", "01", "-", "1.",
        "1e",
        ".5", "+1", "\"", "\"\\x\"", "\"\\u12\"", #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"\n\"", "[]]",
        "1e999", "NaN", "\"a\\n\n\"",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try parse(text.utf8).get() }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        let error = #expect(throws: JSONError.self) { try parse([0x22, 0xff, 0x22]).get() }
        #expect(error?.offset == 1 && error?.expected == "UTF-8")
        #expect(throws: JSONError.self) { try parse([0x22, 0x5c, 0x6e, 0xc3, 0x22]).get() }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try parse(nested(64).utf8).get() }
        #expect(throws: JSONError.self) { try parse(nested(65).utf8).get() }
    }

    @Test func repeatedKeysAreKeptForTheReaderToRefuse() throws {
        #expect(try parse("{\"a\":1,\"a\":2}".utf8).get().object?.map(\.value.integer) == [1, 2])
    }
}
