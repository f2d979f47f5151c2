import TestSupport
import Testing

@testable import Tokenization

@Suite struct WordScannerTests {
    private func words(of text: String, _ rule: SplitRule) -> [String] {
        words(of: Array(text.utf8), rule).map { String(decoding: $0, as: UTF8.self) }
    }

    private func words(of bytes: [UInt8], _ rule: SplitRule) -> [[UInt8]] {
        bytes.withUnsafeBufferPointer { buffer in
            let scanner = WordScanner(buffer, rule: rule)
            var words = [[UInt8]]()
            var start = 0
            while start < buffer.count {
                let end = scanner.end(of: start)
                guard end > start, end <= buffer.count else { return words }
                words.append(Array(buffer[start..<end]))
                start = end
            }
            return words
        }
    }

    @Test func theRulesDifferWhereTheyShould() {
        let text = "It's  12345 naïve\n\n  CAN'T stop!\r\n"
        #expect(
            words(of: text, .gpt2) == [
                "It", "'s", " ", " 12345", " naïve", "\n\n ", " CAN", "'", "T", " stop", "!", "\r\n",
            ])
        #expect(
            words(of: text, .isolatedDigits)
                == [
                    "It", "'s", "  ", "1", "2", "3", "4", "5", " naïve", "\n\n ", " CAN", "'", "T", " stop", "!",
                    "\r\n",
                ])
        #expect(
            words(of: text, .llama3)
                == ["It", "'s", " ", " ", "123", "45", " naïve", "\n\n", " ", " CAN", "'T", " stop", "!\r\n"])
        #expect(
            words(of: text, .qwen2)
                == [
                    "It", "'s", " ", " ", "1", "2", "3", "4", "5", " naïve", "\n\n", " ", " CAN", "'T", " stop",
                    "!\r\n",
                ])
    }

    @Test func wordsEndBetweenSmallAndCapitalLettersWhereTheRuleSaysSo() {
        #expect(
            words(of: "camelCase HTTPServer it's DON'T a/b/\n/ 12345", .gpt4o) == [
                "camel", "Case", " HTTPServer", " it's", " DON'T", " a", "/b", "/\n/", " ", "123", "45",
            ])
        // A mark before a word, a mark as one, and letters without case that belong to either side.
        #expect(words(of: "\u{301}ab", .gpt4o) == ["\u{301}ab"] && words(of: "\u{301}A", .gpt4o) == ["\u{301}", "A"])
        #expect(words(of: "ABかCD", .gpt4o) == ["ABか", "CD"] && words(of: "ABかcd", .gpt4o) == ["ABかcd"])
    }

    @Test func everyNamedRuleIsKnown() {
        #expect(SplitRule.ggufNames.allSatisfy { SplitRule(ggufName: $0) != nil })
        #expect(SplitRule(ggufName: "smollm") == .gpt2 && SplitRule(ggufName: "llama-bpe") == .llama3)
    }

    @Test(arguments: SplitRule.allCases)
    func wordsEqualThoseOfTheRegularExpression(rule: SplitRule) {
        // All that the rules tell apart: contractions, line breaks, wide spaces, letters and numbers of one to four bytes, marks.
        let tricky =
            Array(
                "''stremvldSTREMVLD  \n\r\t\u{b}\u{85}\u{a0}\u{2003}\u{3000}x7é½²Ⅷ١日本\u{301}\u{200d}👍🏽𝒜𝟘_-.!<|\u{0}"
                    .unicodeScalars) + Array("ǅʰaBß/\u{903}\u{e0100}".unicodeScalars)
        var random = SplitMix(state: 3)
        for length in 0..<400 {
            let text = random.text(tricky, length: length % 40)
            #expect(words(of: text, rule) == NaiveSplit.words(of: text, rule), "\(text.debugDescription)")
        }
    }

    @Test(arguments: SplitRule.allCases)
    func everyByteIsInExactlyOneWordWhateverTheBytes(rule: SplitRule) {
        var random = SplitMix(state: 4)
        let fragments: [[UInt8]] = [
            [0xff], [0xc3], [0xe4, 0xbd], [0xf0, 0x9f, 0x91], [0xc0, 0x80], [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0x20], [0x61], [0x80], Array("é".utf8), [0x0a],
        ]
        for _ in 0..<300 {
            let bytes = (0..<12).flatMap { _ in fragments.randomElement(using: &random) ?? [] }
            #expect(words(of: bytes, rule).flatMap { $0 } == bytes)
        }
    }

    @Test func invalidBytesAreNeitherLettersNorSpaces() {
        #expect(words(of: [0x61, 0xc3, 0x62], .gpt2) == [[0x61], [0xc3], [0x62]])
        #expect(words(of: [0xed, 0xa0, 0x80, 0x21], .gpt2) == [[0xed, 0xa0, 0x80, 0x21]])
    }
}
