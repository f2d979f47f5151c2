import Foundation
import JSONText
import Testing

/// Foundation's parser is the twin: both must read the same values from the same bytes.
@Suite struct JSONValueTwinTests {
    private func matches(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: return other is NSNull
        case .boolean(let value): return other as? Bool == value
        case .integer(let value): return other as? Int == value
        case .unsigned(let value): return other as? UInt64 == value
        // Foundation reads by way of a decimal number, which loses the last bits; strtod below is the exact twin.
        case .number(let value):
            guard let other = other as? NSNumber else { return false }
            return abs(other.doubleValue - value) <= 1e-13 * abs(value)
        case .string(let value): return (other as? String)?.unicodeScalars.elementsEqual(value.unicodeScalars) == true
        case .array(let values):
            guard let others = other as? [Any], values.count == others.count else { return false }
            return zip(values, others).allSatisfy { matches($0, $1) }
        case .object(let members):
            guard let others = other as? [String: Any], members.count == others.count else { return false }
            return members.allSatisfy { member in others[member.key].map { matches(member.value, $0) } ?? false }
        case .embedded: return false
        }
    }

    @Test(arguments: [
        "{}", " [ ] ", "null", "[true,false,null]", "-0.5e+3", "[0,-1,12345678901234567,1e3,1.25]",
        "{\"a\":{\"b\":[{\"c\":\"d\"}]},\"e\":2}", #""\u00e9\ud83d\ude00\n\t\"\\\/\b\f\r""#, "\"naïve 😀\"",
        "{\"\":\"\"}", "\n{\t\"a\" :\r1 }\n", "[9223372036854775808,18446744073709551615,-9223372036854775808]",
    ])
    func valuesEqualFoundations(text: String) throws {
        #expect(matches(try json(text), try #require(foundation(Array(text.utf8)))))
    }

    @Test func randomDocumentsAndTheirMutationsReadAsFoundationReadsThem() throws {
        var random = RandomJSON(seed: 29)
        var taken = 0
        var refused = 0
        for _ in 0..<2000 {
            let whole = random.document()
            #expect(readingError(whole, .kept) == nil, "\(String(decoding: whole, as: UTF8.self))")
            for bytes in [whole, random.mutated(whole), random.mutated(whole)] where !foundationIsLax(bytes) {
                let error = readingError(bytes, .kept)
                let twin = foundation(bytes)
                #expect((error == nil) == (twin != nil), "\(String(decoding: bytes, as: UTF8.self))")
                if error == nil { taken += 1 } else { refused += 1 }
                // Of a name that comes twice Foundation keeps one.
                guard let twin, readingError(bytes) == nil else { continue }
                #expect(matches(try JSONValue(json: bytes), twin), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(taken > 2000 && refused > 1000)
    }

    @Test func whatIsReadAndWrittenReadsAsTheSame() throws {
        var random = RandomJSON(seed: 31)
        for _ in 0..<1000 {
            let value = try JSONValue(json: random.document(), repeatedNames: .kept)
            let text = value.text
            #expect(try JSONValue(json: Array(text.utf8), repeatedNames: .kept).text == text)
            let twin = try #require(foundation(Array(text.utf8)))
            if readingError(Array(text.utf8)) == nil { #expect(matches(value, twin), "\(text)") }
        }
    }

    @Test func numbersAreThoseOfTheCLibraryToTheLastBit() throws {
        var random = RandomJSON(seed: 37)
        var others = 0
        for _ in 0..<4000 {
            let text = random.number()
            let expected = strtod(text, nil)
            switch try json(text) {
            case .integer(let value): #expect(String(value) == text || text == "-0")
            case .unsigned(let value): #expect(String(value) == text)
            case .number(let value):
                #expect(value.bitPattern == expected.bitPattern, "\(text)")
                others += 1
            default: Issue.record("\(text)")
            }
        }
        #expect(others > 1000)
    }

    @Test func everyByteOfADocumentMayBeMissingOrBeTheLast() throws {
        let bytes = Array(#"{"ab\u00e9é":[-1.5e+3,true,{"x":null}],"\ud83d\ude00":""}"#.utf8)
        for place in bytes.indices {
            #expect(readingError(Array(bytes[..<place]))?.offset ?? .max <= place)
            let without = Array(bytes[..<place] + bytes[(place + 1)...])
            guard !foundationIsLax(without) else { continue }
            #expect((readingError(without) == nil) == (foundation(without) != nil))
        }
    }
}
