import Testing

@testable import Inference

@Suite struct EchoedTextTests {
    private func ends(_ pieces: [String], _ tokens: [String]) -> [Int]? {
        EchoedText.ends(of: pieces, in: tokens)?.map { $0.isExact ? $0.next : -$0.next }
    }

    @Test func piecesEndWhereTheirTokensDo() {
        #expect(ends(["a b\n", " c d"], ["a", " b", "\n", " c", " d", "!"]) == [3, 5])
        #expect(ends(["x\t", "?\ny\t"], ["x", "\t", "?", "\n", "y", "\t", "0"]) == [2, 6])
        // A control token before the text, and the last token that is not there.
        #expect(ends(["a b\n", " c"], ["<s>", "a", " b\n", " c"]) == [3, 4])
    }

    @Test func spacesMayBeWrittenOtherwise() {
        #expect(ends(["the cat\n", " sat"], ["▁the", "▁cat", "\n", "▁sat"]) == [3, 4])
        #expect(ends(["the cat\n", " sat"], ["the", "cat", "\n", "sat"]) == [3, 4])
        // Spaces at a text's beginning are the text's.
        #expect(ends(["x:\n", "    for"], ["x", ":", "\n", "   ", " for"]) == [3, 5])
    }

    @Test func aTokenThatBelongsToBothIsTheLaterOnes() {
        #expect(ends(["Texts:", "abc"], ["Texts", ":a", "bc"]) == [-1, 3])
        #expect(ends(["x:\n", "  y"], ["x", ":\n  ", "y"]) == [2, 3])
    }

    @Test func partsOfACharacterAreCaughtUpWith() {
        #expect(ends(["a 🦜 b\t", "c"], ["a", " \u{FFFD}", "\u{FFFD}", " b", "\t", "c"]) == [5, 6])
        #expect(ends(["a 🦜\t", "c"], ["a", " \u{FFFD}", "\u{FFFD}", "\t", "c"]) == [4, 5])
        #expect(ends(["a 🦜\t", "c"], ["a", "", "🦜", "\t", "c"]) == [4, 5])
        #expect(ends(["a \u{FFFD} b\t", "c"], ["a", " \u{FFFD}", " b", "\t", "c"]) == [4, 5])
    }

    @Test func tokensOfAnotherTextAreNotTaken() {
        #expect(ends(["a b", "c"], ["a", "x", "c"]) == nil)
        #expect(ends(["a b", "c"], ["?"]) == nil)
        #expect(ends(["a b", "c"], []) == nil)
        #expect(ends(["a b c", "d"], ["a", "b"]) == nil)
    }
}
