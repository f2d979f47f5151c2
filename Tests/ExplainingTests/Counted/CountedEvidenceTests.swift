import Elements
import Testing

@testable import Explaining

@Suite struct CountedEvidenceTests {
    private let vocabulary = ToyVocabulary([" let", " Let", " the", " return", " x", " y", "<bos>", " z"])

    private func example(_ tokens: [UInt32], _ firing: [Int: Float]) -> Example {
        Example(window: toyWindow(tokens), activations: tokens.indices.map { firing[$0] ?? 0 })
    }

    private func evidence(_ examples: [Example], maximum: Float = 10) -> CountedEvidence {
        CountedEvidence(of: examples, maximum: maximum, hiding: 6, tokenDecoder: vocabulary)
    }

    @Test func wordsAreCountedWithTheirMeanStrengthTheHeaviestFirst() {
        let found = evidence([
            example([6, 2, 0, 4], [2: 10]), example([2, 0, 5], [1: 5]), example([1, 5, 7], [0: 9.5]),
        ])
        #expect(
            found.words == [
                CountedWord(text: "let", count: 2, strength: 7.5), CountedWord(text: "Let", count: 1, strength: 10),
            ])
        #expect(found.firings == 3)
    }

    @Test func atMostTwelveWordsAreListedAndAllFiringsCounted() {
        let many = ToyVocabulary((0..<30).map { " w\($0)" })
        let examples = (0..<30).map { number in
            Example(window: toyWindow([UInt32(number)]), activations: [Float(number + 1)])
        }
        let found = CountedEvidence(of: examples, maximum: 30, hiding: nil, tokenDecoder: many)
        #expect(found.words.count == 12 && found.firings == 30)
        #expect(found.words.allSatisfy { $0.strength >= 7 })
    }

    @Test func theWordBeforeIsNamedWhenItComesBeforeMostFiringsAndSeldomElsewhere() {
        let telling = (0..<6).map { example([2, 7, 3, $0 % 2 == 0 ? 4 : 5, 7, 2], [3: 8]) }
        #expect(evidence(telling).before == CountedWord(text: "return", count: 6, strength: 0))
        // As common everywhere: it tells nothing.
        let usual = (0..<6).map { _ in example([2, 2, 2, 4, 2, 2], [3: 8]) }
        #expect(evidence(usual).before == nil)
        // Before fewer than two fifths.
        let seldom = (0..<10).map { example([7, $0 < 3 ? 3 : UInt32([2, 5, 0][$0 % 3]), 4], [2: 8]) }
        #expect(evidence(seldom).before == nil)
        // Before two firings only.
        #expect(evidence(Array(telling.prefix(2))).before == nil)
    }

    @Test func theOrderOfWindowsLeavesNoTrace() {
        var generator = TestGenerator(state: 3)
        let examples = (0..<40).map { number in
            example(
                (0..<6).map { _ in UInt32.random(in: 0..<8, using: &generator) },
                [number % 6: Float.random(in: 0.1...10, using: &generator)])
        }
        let found = evidence(examples)
        for _ in 0..<10 { #expect(evidence(examples.shuffled(using: &generator)) == found) }
    }
}
