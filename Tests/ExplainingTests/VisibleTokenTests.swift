import Elements
import Testing

@testable import Explaining

@Suite struct VisibleTokenTests {
    /// Tokens of these bytes, by their place.
    private struct Bytes: TokenDecoder {
        let tokens: [[UInt8]]
        var count: Int { tokens.count }
        func bytes(of token: UInt32) -> [UInt8] { tokens[Int(token)] }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private func shown(_ bytes: [UInt8], longest: Int = 32) -> String {
        VisibleToken.quoted(0, tokenDecoder: Bytes(tokens: [bytes]), longest: longest)
    }

    @Test func whatCanBeSeenStandsAsItIs() {
        #expect(shown(Array(" é\n".utf8)) == "\"·é⏎\"")
        #expect(shown([]) == "token 0")
    }

    @Test func bytesInsideACharacterStandAsItsPart() {
        // The pilcrow is C2 B6, a quotation mark E2 80 9C, an emoji F0 9F 99 82.
        #expect(shown([0xC2]) == "\"⟨C2…⟩\"")
        #expect(shown([0xB6]) == "\"⟨…B6⟩\"")
        #expect(shown([0x20, 0xE2, 0x80]) == "\"·⟨E2 80…⟩\"")
        #expect(shown([0x80, 0x9C] + Array("a".utf8)) == "\"⟨…80 9C⟩a\"")
        #expect(shown([0x82, 0xF0, 0x9F]) == "\"⟨…82⟩⟨F0 9F…⟩\"")
    }

    @Test func aByteThatNoCharacterHasStandsByItself() { #expect(shown([0xFF, 0x41]) == "\"⟨FF⟩A\"") }

    @Test func aPartIsShownWholeOrNotAtAll() { #expect(shown([0x41, 0xE2, 0x80], longest: 5) == "\"A…\"") }
}
