import Elements
import LatentSheets
import Testing

@Suite struct TokenPieceTests {
    private func pieces(_ bytes: [[UInt8]], _ activations: [Float] = []) -> [TokenPiece] {
        TokenPiece.pieces(of: bytes, activations: activations, maximum: 8)
    }

    @Test func eachTokenIsAPieceWithItsLevel() {
        let shown = TokenPiece.pieces(
            of: [0, 1, 2, 3, 4], activations: [0, 2, 2.1, 6, 8], maximum: 8, tokenDecoder: Letters())
        #expect(shown.map(\.text) == ["a", "b", "c", "d", "e"])
        #expect(shown.map(\.ids) == [[0], [1], [2], [3], [4]])
        #expect(shown.map(\.level) == [0, 1, 2, 3, 4])
        #expect(shown.map(\.activation) == [0, 2, 2.1, 6, 8])
    }

    @Test func aCharacterOfSeveralTokensIsOnePieceWithTheLargestActivation() {
        // The euro sign is E2 82 AC, the emoji F0 9F 98 80.
        let shown = pieces([[0x61], [0xE2], [0x82], [0xAC], [0xF0, 0x9F], [0x98, 0x80]], [0, 1, 5, 0, 0, 3])
        #expect(shown.map(\.text) == ["a", "€", "😀"])
        #expect(shown.map(\.activation) == [0, 5, 3])
    }

    @Test func noTokenIsLostHoweverCharactersAreCut() {
        let tokens: [UInt32] = [200 + 0xE2, 200 + 0x82, 0, 200 + 0xF0, 200 + 0x9F, 200 + 0x98, 200 + 0x80, 200 + 0xC3]
        let shown = TokenPiece.pieces(of: tokens, activations: [], maximum: 1, tokenDecoder: Letters())
        #expect(shown.flatMap(\.ids) == tokens)
        #expect(shown.last?.text == "\u{FFFD}")
        #expect(shown.contains { $0.text == "😀" })
    }

    @Test func whatSteersOrCannotBeSeenHasASignOfItsOwn() {
        let hostile: [[UInt8]] = [
            Array("\u{1B}[31m".utf8), [0], Array("\u{202E}".utf8), Array("a\n\tb\r".utf8), Array("\u{7F}".utf8),
        ]
        let text = pieces(hostile).map(\.text).joined()
        #expect(text == "␛[31m␀⟨U+202E⟩a⏎⇥b⏎␡")
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test func withoutATokenizerIdsAreShown() {
        let shown = TokenPiece.pieces(of: [7, 500_000], activations: [0, 1], maximum: 1, tokenDecoder: nil)
        #expect(shown.map(\.text) == ["[7]", "[500000]"])
        #expect(shown.map(\.level) == [0, 4])
    }

    @Test(arguments: [(Float.infinity, Float(1), 4), (1, 0, 1), (-1, 8, 0), (.leastNonzeroMagnitude, 8, 1), (9, 8, 4)])
    func aLevelIsAlwaysOneOfFive(activation: Float, maximum: Float, level: Int) {
        let shown = TokenPiece.pieces(of: [[0x61]], activations: [activation], maximum: maximum)
        #expect(shown.map(\.level) == [level])
    }
}
