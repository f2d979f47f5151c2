import JSONText
import Testing

@Suite struct JSONScannerReadingTests {
    private func number(_ text: String) throws(JSONError) -> String {
        var scanner = JSONScanner(Array(text.utf8))
        return switch try scanner.number() {
        case .natural(let value): "natural \(value)"
        case .integer(let literal): "integer \(literal)"
        case .fraction(let literal): "fraction \(literal)"
        }
    }

    @Test(arguments: [
        ("0", "natural 0"), ("18446744073709551615", "natural 18446744073709551615"),
        ("18446744073709551616", "integer 18446744073709551616"), ("-0", "integer -0"), ("-7", "integer -7"),
        ("1.0", "fraction 1.0"), ("1e0", "fraction 1e0"), ("-2.5E-7", "fraction -2.5E-7"), (" 3 ", "natural 3"),
        ("1e999", "fraction 1e999"),
    ])
    func aNumberIsToldExactly(text: String, expected: String) throws {
        #expect(try number(text) == expected)
    }

    @Test func aNumberTooLongToTellIsCut() throws {
        #expect(try number(String(repeating: "9", count: 1000)) == "integer " + String(repeating: "9", count: 40))
    }

    @Test func fieldsComeInOrderAndRepeatedOnesTwice() throws {
        var scanner = JSONScanner(Array(#" { "a" : [1 , 2] , "\u0062":{}, "a":null } "#.utf8))
        var names: [String] = []
        try scanner.beginObject()
        while let name = try scanner.nextName() {
            names.append(name)
            try scanner.skipValue()
        }
        try scanner.expectEnd()
        #expect(names == ["a", "b", "a"])
    }

    @Test func elementsComeOneAfterTheOther() throws {
        var scanner = JSONScanner(Array(#"["x", "", [[]], "y"]"#.utf8))
        var texts: [String?] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            if try scanner.kind() == .string {
                texts.append(try scanner.string())
            } else {
                texts.append(nil)
                try scanner.skipValue()
            }
        }
        try scanner.expectEnd()
        #expect(texts == ["x", "", nil, "y"])
    }

    @Test(arguments: [
        ("{}", "an object"), ("[]", "a list"), ("\"\"", "a text"), ("-1", "a number"), ("7", "a number"),
        ("true", "true or false"), ("false", "true or false"), ("\t\r\n null", "null"),
    ])
    func theKindIsToldFromTheFirstByte(text: String, kind: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        #expect(try scanner.kind().description == kind)
    }

    @Test func aByteOrderMarkIsSkippedOnlyIfAskedFor() throws {
        var scanner = JSONScanner([0xef, 0xbb, 0xbf] + Array("1".utf8))
        #expect(throws: JSONError.self) { try scanner.skipValue() }
        scanner.skipByteOrderMark()
        try scanner.skipValue()
        try scanner.expectEnd()
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u0000""#, "é\u{0}"),
        (#""a\ud83d\uDE00b""#, "a😀b"),
        ("\"naïve\"", "naïve"),
    ])
    func escapesAreRead(text: String, expected: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        #expect(try scanner.string() == expected)
        try scanner.expectEnd()
    }
}
