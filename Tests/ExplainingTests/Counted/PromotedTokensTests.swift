import Elements
import Testing

@testable import Explaining

@Suite struct PromotedTokensTests {
    /// A thousand words, some of them given changes far beyond those of the others.
    private func promoted(_ changes: [Int: Float], most: Int = 4, noise: Float = 1) -> PromotedTokens {
        var generator = TestGenerator(state: 9)
        var row = (0..<1000).map { _ in noise * Float.random(in: -1...1, using: &generator) }
        for (token, change) in changes { row[token] = change }
        var texts = (0..<1000).map { " word\($0)" }
        (texts[10], texts[11], texts[12], texts[13]) = (" Let", "let", "", "<|end|>")
        return PromotedTokens(
            changes: row, most: most, tokenDecoder: SpecialVocabulary(texts: texts, special: [13]))
    }

    @Test func whatStandsOutIsNamedTheLargestFirst() {
        let found = promoted([3: 9, 700: 12, 5: -10])
        #expect(found.raised == [700, 3] && found.lowered == [5])
        #expect(promoted([3: 9, 700: 12, 5: -10], most: 1).raised == [700])
        #expect(promoted([3: 9, 5: -10], most: 0).isEmpty)
    }

    @Test func aRowWithoutMeaningNamesNone() {
        #expect(promoted([:]).isEmpty)
        #expect(promoted([:], noise: 0).isEmpty)
        #expect(PromotedTokens(changes: [Float](), most: 3, tokenDecoder: ToyVocabulary([])).isEmpty)
    }

    @Test func tokensThatDifferInCaseAreOneAndThoseWithoutTextNone() {
        #expect(promoted([10: 12, 11: 13, 12: 14, 13: 15, 20: 11]).raised == [11, 20])
    }
}
