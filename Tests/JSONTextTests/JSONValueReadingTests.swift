import Foundation
import JSONText
import Testing

@Suite struct JSONValueReadingTests {
    private static func described(_ value: JSONValue) -> String {
        switch value {
        case .integer(let value): "integer \(value)"
        case .unsigned(let value): "unsigned \(value)"
        case .number(let value): "number \(value)"
        default: "no number"
        }
    }

    @Test(arguments: [
        ("0", "integer 0"), ("-0", "integer 0"), ("-7", "integer -7"),
        (" 12345678901234567 ", "integer 12345678901234567"),
        ("9223372036854775807", "integer 9223372036854775807"), ("9223372036854775808", "unsigned 9223372036854775808"),
        ("-9223372036854775808", "integer -9223372036854775808"),
        ("-9223372036854775809", "number -9.223372036854776e+18"),
        ("18446744073709551615", "unsigned 18446744073709551615"),
        ("18446744073709551616", "number 1.8446744073709552e+19"),
        ("1.0", "number 1.0"), ("1e3", "number 1000.0"), ("-2.5E-7", "number -2.5e-07"), ("1e-999", "number 0.0"),
        ("0e99999999999999999999", "number 0.0"), ("-0.0", "number -0.0"),
        ("0.1000000000000000055511151231257827021181583404541015625", "number 0.1"),
    ])
    func numbersAreExactIfTheyAreWholeAndFit64Bits(text: String, expected: String) throws {
        #expect(Self.described(try json(text)) == expected)
    }

    @Test(arguments: ["1e999", "-1e999", "1e99999999999999999999", "1" + String(repeating: "0", count: 400)])
    func aNumberThatADoubleCannotHoldIsRefused(number: String) {
        let error = readingError(Array("[1,\(number)]".utf8))
        #expect(error?.offset == 3 && error?.expected == "a number of 64 bits" && error?.found?.first == number.first)
    }

    @Test func membersAreFoundByNameAndKeepTheirOrder() throws {
        let value = try json(#"{"b":{"x":[true,null]},"a":"t","n":-3,"":false}"#)
        #expect(value.object?.map(\.key) == ["b", "a", "n", ""])
        #expect(value["b"]?["x"]?.array?.count == 2 && value["b"]?["x"]?.array?.first?.boolean == true)
        #expect(value["a"]?.string == "t" && value["n"]?.integer == -3 && value[""]?.boolean == false)
        #expect(value["c"] == nil && value["a"]?["x"] == nil && value["a"]?.integer == nil)
    }

    @Test(arguments: [
        ("[1,\"é", [0xff, 0x22, 0x5d], 6),
        (#"["\n"#, [0xe2, 0x82, 0x22, 0x5d], 4), ("[\"0123456789", [0x80, 0x22, 0x5d], 12),
        (#"{"a":1,"b"#, [0xc0, 0xaf, 0x22], 9), (#"["é\u0041"#, [0xed, 0xa0, 0x80, 0x22], 10),
    ])
    func bytesThatAreNotUTF8AreNamedByTheirOffset(start: String, end: [UInt8], offset: Int) {
        let bytes = Array(start.utf8) + end
        let error = readingError(bytes)
        #expect(error?.offset == offset && error?.expected == "UTF-8" && scanningError(bytes) == error)
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x5b, count: depth) + [UInt8](repeating: 0x5d, count: depth)
        }
        #expect(readingError(nested(JSONValue.maximumDepth)) == nil)
        #expect(
            readingError(nested(JSONValue.maximumDepth + 1))?.reason
                == "Not JSON: expected nesting of at most 64 levels at byte 64, found \"[]]]]]]]]]]]\".")
    }

    @Test func whatStandsSideBySideIsNotNested() {
        let text = "[" + [String](repeating: "[[]],{\"a\":{}}", count: 1000).joined(separator: ",") + "]"
        #expect(readingError(Array(text.utf8)) == nil && scanningError(Array(text.utf8)) == nil)
    }
}
