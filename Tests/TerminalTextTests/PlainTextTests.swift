import Foundation
import TerminalText
import Testing

@Suite struct PlainTextTests {
    @Test(
        arguments: [
            ("plain, with ümläuts, 漢字 and 👩‍🔬", "plain, with ümläuts, 漢字 and 👩‍🔬"),
            ("\u{1B}[31mred\u{1B}[0m", "[31mred[0m"),
            ("a\nb\r\nc\rd", "a b c d"),
            ("a\tb\u{0B}c\u{0C}d", "a b c d"),
            ("a\u{85}b\u{2028}c\u{2029}d", "a b c d"),
            ("\u{9B}31mC1\u{9D}0;title\u{9C}", "31mC10;title"),
            ("bell\u{07}back\u{08}nul\u{00}del\u{7F}", "bellbacknuldel"),
            ("\u{202E}evil\u{202C}\u{2066}x\u{2069}\u{200F}\u{200E}\u{061C}", "evilx"),
            ("\u{1B}]8;;http://evil\u{07}link", "]8;;http://evillink"),
            ("", ""),
        ])
    func aLineHoldsNothingThatSteersATerminal(text: String, plain: String) {
        #expect(PlainText.line(text) == plain)
        #expect(PlainText.line(plain) == plain)
    }

    @Test func onlyLineFeedsPartLines() {
        #expect(PlainText.lines("one\u{1B}[2J\r\ntwo\u{2028}three\n\nfour\n") == "one[2J \ntwo three\n\nfour\n")
    }

    /// Every scalar of the first planes, wherever it stands in a text.
    @Test func noControlOfAnyKindIsLeft() {
        var text = ""
        for value in UInt32(0)..<0x3000 { if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) } }
        let left = PlainText.line(text).unicodeScalars
        #expect(!left.contains { $0.properties.generalCategory == .control || $0.properties.isBidiControl })
        #expect(!left.contains { $0.properties.generalCategory == .lineSeparator })
        #expect(!left.contains { $0.properties.generalCategory == .paragraphSeparator })
    }

    @Test func aReaderOfJSONGetsTheSameStrings() throws {
        let strings = ["\u{1B}[31m", "a\nb", "\u{9B}C1\u{85}", "\u{202E}\u{2066}bidi", "\u{2028}", "\u{7F}", "\t\"\\"]
        let raw = String(decoding: try JSONEncoder().encode(strings), as: UTF8.self)
        let plain = PlainText.json("\n" + raw + "\n")
        #expect(PlainText.line(plain) == plain)
        #expect(try JSONDecoder().decode([String].self, from: Data(plain.utf8)) == strings)
    }
}
