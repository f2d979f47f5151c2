import Testing

@testable import gloss

@Suite struct KeyReaderTests {
    private func keys(_ text: String) -> [Key] {
        var reader = KeyReader()
        return reader.keys(of: text.utf8)
    }

    @Test(
        arguments: [
            ("q", [Key.character("q")]), ("\r", [.enter]), ("\n", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
            ("\u{1B}", [.escape]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[5~", [.pageUp]),
            ("\u{1B}[6~", [.pageDown]), ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]), ("\u{0C}", [.redraw]),
            ("jjé", [.character("j"), .character("j"), .character("é")]), ("\u{1B}[Ax", [.up, .character("x")]),
            ("\u{1B}x", [.escape, .character("x")]), ("\u{1B}[99;5u", []), ("\u{01}", []), ("\u{1B}[", []),
        ] as [(String, [Key])])
    func aKeyIsReadByWhatATerminalSends(text: String, keys expected: [Key]) {
        #expect(keys(text) == expected)
    }

    @Test func aCharacterMayComeInPieces() {
        var reader = KeyReader()
        #expect(reader.keys(of: [0xE6, 0x97]).isEmpty)
        #expect(reader.keys(of: [0xA5]) == [.character("日")])
    }

    @Test func whatIsNoCharacterIsPassedOver() {
        var reader = KeyReader()
        #expect(reader.keys(of: [0xFF, 0x80, UInt8(ascii: "q")]).last == .character("q"))
    }
}
