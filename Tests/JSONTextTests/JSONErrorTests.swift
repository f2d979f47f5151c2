import JSONText
import Testing

@Suite struct JSONErrorTests {
    private func error(_ text: String) -> JSONError? {
        var scanner = JSONScanner(Array(text.utf8))
        do throws(JSONError) {
            try scanner.skipValue()
            try scanner.expectEnd()
            return nil
        } catch {
            return error
        }
    }

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
        ("-012", "Not JSON: a number must not start with 0 at byte 1, found \"012\"."),
        ("\"a", "Not JSON: expected a closing quote, found the end."),
        ("\"a\n\"", "Not JSON: control characters must be escaped at byte 2, found \"\\n\\\"\"."),
        (#""\x""#, #"Not JSON: expected an escape such as \n or \u00e9 at byte 2, found "x\""."#),
        (#""\u12""#, "Not JSON: expected four hexadecimal digits, found the end."),
        (#""\u12g4""#, #"Not JSON: expected four hexadecimal digits at byte 2, found "u12g4\""."#),
        (#""\ud83d""#, #"Not JSON: a surrogate must be one of a pair at byte 1, found "\\ud83d\""."#),
        (#""\ud83d\u0041""#, #"Not JSON: a surrogate must be one of a pair at byte 1, found "\\ud83d\\u0041"."#),
        (#""\ude00""#, #"Not JSON: a surrogate must be one of a pair at byte 1, found "\\ude00\""."#),
    ])
    func theReasonSaysWhatWasExpectedAndWhereWhatWasFound(text: String, reason: String) {
        #expect(error(text)?.reason == reason)
    }

    @Test func theOffsetIsInBytesAndAtMostTheirCount() {
        #expect(error("[\"é\",é]")?.offset == 6)
        #expect(error("[\"é\"")?.offset == 5)
        #expect(error("[\"é\"")?.found == nil)
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(error(nested(JSONScanner.maximumDepth)) == nil)
        #expect(error(nested(JSONScanner.maximumDepth + 1))?.expectation == "nesting must not exceed 512")
        #expect(error(String(repeating: "{\"a\":", count: 100_000))?.offset == 5 * JSONScanner.maximumDepth)
    }
}
