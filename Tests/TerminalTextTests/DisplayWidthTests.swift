import Testing

@testable import TerminalText

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("plain", 5), ("héllo", 5), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("👍", 2), ("👩‍👩‍👧", 2), ("✓ · ∅", 5),
        ("▁▂█", 3), ("…–“”", 4), ("ａ", 2),
    ])
    func aTextTakesAsManyColumnsAsATerminalGivesIt(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        ("dates in ISO", 5, "date…"), ("dates", 5, "dates"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("a", 0, ""),
    ])
    func aTextIsCutBetweenCharactersAndFits(text: String, width: Int, cut: String) {
        #expect(DisplayWidth.cut(text, to: width) == cut)
        #expect(DisplayWidth.of(DisplayWidth.cut(text, to: width)) <= width)
    }

    @Test func blanksFillUpToTheWidth() {
        #expect(DisplayWidth.padded("日", to: 4) == "日  " && DisplayWidth.padded("7", to: 3, isRight: true) == "  7")
        #expect(DisplayWidth.padded("long", to: 2) == "long")
    }
}
