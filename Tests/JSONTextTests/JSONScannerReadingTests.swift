import JSONText
import Testing

@Suite struct JSONScannerReadingTests {
    private func scan<Value>(
        _ text: String, _ read: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value { try JSONScanner.scan(Array(text.utf8), read) }

    private func number(_ text: String) throws(JSONError) -> String {
        try scan(text) { scanner throws(JSONError) in
            switch try scanner.number() {
            case .natural(let value): "natural \(value)"
            case .integer(let literal): "integer \(literal)"
            case .fraction(let literal): "fraction \(literal)"
            }
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
        let names = try scan(#" { "a" : [1 , 2] , "\u0062":{}, "a":null } "#) { scanner throws(JSONError) in
            var names: [String] = []
            try scanner.beginObject()
            while let name = try scanner.nextName() {
                names.append(name)
                try scanner.skipValue()
            }
            return names
        }
        #expect(names == ["a", "b", "a"])
    }

    @Test func elementsComeOneAfterTheOther() throws {
        let texts = try scan(#"["x", "", [[]], "y"]"#) { scanner throws(JSONError) in
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
            return texts
        }
        #expect(texts == ["x", "", nil, "y"])
    }

    @Test func whatFollowsTheValueThatWasReadIsRefused() {
        let error = #expect(throws: JSONError.self) {
            try scan("[1] 2") { scanner throws(JSONError) in try scanner.skipValue() }
        }
        #expect(error?.offset == 4 && error?.expected == "the end")
    }

    @Test func closedListsGiveTheirLevelsBack() throws {
        let depth = try JSONScanner.scan(Array("[[],[],[[]],0]".utf8), deepest: 3) { scanner throws(JSONError) in
            try scanner.skipValue()
            return 3
        }
        #expect(depth == 3)
        #expect(throws: JSONError.self) {
            try JSONScanner.scan(Array("[[],[],[[]],0]".utf8), deepest: 2) { scanner throws(JSONError) in
                try scanner.skipValue()
            }
        }
    }

    @Test(arguments: [
        ("{}", "an object"), ("[]", "a list"), ("\"\"", "a text"), ("-1", "a number"), ("7", "a number"),
        ("true", "true or false"), ("false", "true or false"), ("\t\r\n null", "null"),
    ])
    func theKindIsToldFromTheFirstByte(text: String, kind: String) throws {
        let found = try scan(text) { scanner throws(JSONError) in
            let found = try scanner.kind()
            try scanner.skipValue()
            return found
        }
        #expect(found.description == kind)
    }

    @Test func aByteOrderMarkIsSkippedOnlyIfAskedFor() throws {
        #expect(throws: JSONError.self) { try number("\u{feff}1") }
        let value = try scan("\u{feff}1") { scanner throws(JSONError) in
            scanner.skipByteOrderMark()
            return try scanner.number()
        }
        guard case .natural(1) = value else {
            Issue.record("\(value)")
            return
        }
    }

    @Test func noBytesAtAllAreRefused() {
        let error = #expect(throws: JSONError.self) {
            try JSONScanner.scan(UnsafeRawBufferPointer(start: nil, count: 0)) { scanner throws(JSONError) in
                try scanner.skipValue()
            }
        }
        #expect(error?.reason == "Not JSON: expected a value, found the end.")
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u0000""#, "é\u{0}"),
        (#""a\ud83d\uDE00b""#, "a😀b"),
        ("\"naïve\"", "naïve"),
    ])
    func escapesAreRead(text: String, expected: String) throws {
        #expect(try scan(text) { scanner throws(JSONError) in try scanner.string() } == expected)
    }
}
