import JSONText
import Testing

@Suite struct JSONErrorTests {
    @Test(arguments: [
        ("", "Not JSON: expected a value, found the end."),
        (" ?", "Not JSON: expected a value at byte 1, found \"?\"."),
        ("nul", "Not JSON: expected a value at byte 0, found \"nul\"."),
        ("trues", "Not JSON: expected the end at byte 4, found \"s\"."),
        ("[", "Not JSON: expected a value, found the end."),
        ("{", "Not JSON: expected a field name in double quotes, found the end."),
        ("[1", "Not JSON: expected \",\" or \"]\", found the end."),
        ("[1 2]", "Not JSON: expected \",\" or \"]\" at byte 3, found \"2]\"."),
        ("[1,]", "Not JSON: expected a value after \",\" at byte 3, found \"]\"."),
        ("{\"a\":1 \"b\"}", "Not JSON: expected \",\" or \"}\" at byte 7, found \"\\\"b\\\"}\"."),
        ("{a:1}", "Not JSON: expected a field name in double quotes at byte 1, found \"a:1}\"."),
        ("{\"a\" 1}", "Not JSON: expected \":\" at byte 5, found \"1}\"."),
        ("1 and much that follows", "Not JSON: expected the end at byte 2, found \"and much tha\"."),
        ("-", "Not JSON: expected a digit, found the end."),
        ("1.e3", "Not JSON: expected a digit at byte 2, found \"e3\"."),
        ("1e+x", "Not JSON: expected a digit at byte 3, found \"x\"."),
        ("-012", "Not JSON: expected a number that does not start with 0 at byte 1, found \"012\"."),
        ("\"a", "Not JSON: expected a closing quote, found the end."),
        ("\"a\n\"", "Not JSON: expected control characters to be escaped at byte 2, found \"\\n\\\"\"."),
        (#""\x""#, #"Not JSON: expected an escape such as \n or \u00e9 at byte 2, found "x\""."#),
        (#""\u12""#, "Not JSON: expected four hexadecimal digits, found the end."),
        (#""\u12g4""#, #"Not JSON: expected four hexadecimal digits at byte 2, found "u12g4\""."#),
        (#""\ud83d""#, #"Not JSON: expected both halves of a surrogate pair at byte 1, found "\\ud83d\""."#),
        (#""\ud83d\u0041""#, #"Not JSON: expected both halves of a surrogate pair at byte 1, found "\\ud83d\\u0041"."#),
        (#""\ude00""#, #"Not JSON: expected both halves of a surrogate pair at byte 1, found "\\ude00\""."#),
    ])
    func theReasonSaysWhatWasExpectedAndWhereWhatWasFound(text: String, reason: String) {
        #expect(scanningError(Array(text.utf8))?.reason == reason)
        #expect(readingError(Array(text.utf8))?.reason == reason)
    }

    @Test func theOffsetIsInBytesAndAtMostTheirCount() {
        #expect(scanningError(Array("[\"é\",é]".utf8))?.offset == 6)
        #expect(scanningError(Array("[\"é\"".utf8))?.offset == 5)
        #expect(scanningError(Array("[\"é\"".utf8))?.found == nil)
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x5b, count: depth) + [UInt8](repeating: 0x5d, count: depth)
        }
        #expect(scanningError(nested(JSONScanner.maximumDepth)) == nil)
        let deeper = scanningError(nested(JSONScanner.maximumDepth + 1))
        #expect(deeper?.expected == "nesting of at most 512 levels" && deeper?.offset == JSONScanner.maximumDepth)
        let objects = Array(String(repeating: "{\"a\":", count: 100_000).utf8)
        #expect(scanningError(objects)?.offset == 5 * JSONScanner.maximumDepth)
    }
}
