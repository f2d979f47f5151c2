import Elements
import Hashing
import Testing

@testable import Explaining

/// A vocabulary whose last token is a control token, and examples of it.
struct CountedFixture {
    static let texts = [" flag", " the", " a", "ban", "ner", " red", ",", "\n", "<<", "<|im_end|>", "x", "\u{201C}"]
    static let control: UInt32 = 12
    static let vocabulary = SpecialVocabulary(texts: texts + ["<|endoftext|>"], special: [control])

    static func example(
        _ tokens: [UInt32], marks: [Int: UInt8], block: Int = 0, number: UInt64 = 0
    ) -> PlannedExample {
        PlannedExample(
            identity: Hash128(high: number, low: UInt64(tokens.count)), tokens: tokens,
            marked: tokens.indices.map { marks[$0] != nil }, strengths: tokens.indices.map { marks[$0] ?? 0 },
            block: block)
    }
}

/// A vocabulary with control tokens.
struct SpecialVocabulary: TokenDecoder {
    let toy: ToyVocabulary
    let special: Set<UInt32>

    init(texts: [String], special: Set<UInt32>) {
        toy = ToyVocabulary(texts)
        self.special = special
    }

    var count: Int { toy.count }
    func bytes(of token: UInt32) -> [UInt8] { toy.bytes(of: token) }
    func isSpecial(_ token: UInt32) -> Bool { special.contains(token) }
}

@Suite struct CountedEvidenceTests {
    private let vocabulary = CountedFixture.vocabulary

    private func evidence(_ examples: [PlannedExample]) -> CountedEvidence {
        CountedEvidence(of: examples, tokenDecoder: vocabulary)
    }

    @Test func markedTokensAreCountedWithTheirMeanStrengthTheWeightiestFirst() {
        let found = evidence([
            CountedFixture.example([1, 0, 5], marks: [1: 9]), CountedFixture.example([2, 0, 6], marks: [1: 6]),
            CountedFixture.example([6, 5, 6], marks: [0: 1, 1: 5, 2: 2]),
        ])
        #expect(
            found.marked == [
                .init(text: "\"flag\"", count: 2, strength: 8), .init(text: "\"red\"", count: 1, strength: 5),
                .init(text: "\",\"", count: 2, strength: 2),
            ])
    }

    @Test func aPieceOfAWordIsNamedWithTheWord() {
        let found = evidence([CountedFixture.example([6, 3, 4, 5], marks: [2: 7])])
        #expect(found.marked.map(\.text) == ["\"ner\" in \"banner\""])
    }

    /// Of two windows that look the same round their marks the second shows nothing new.
    @Test func passagesThatAreTheSameRoundTheirMarksAreOne() {
        let padding = [UInt32](repeating: 5, count: 14)
        let found = evidence([
            CountedFixture.example([1] + padding + [0, 6], marks: [15: 7], number: 1),
            CountedFixture.example([2] + padding + [0, 6], marks: [15: 7], number: 2),
            CountedFixture.example([2] + padding + [0, 1], marks: [15: 7], number: 3),
        ])
        #expect(found.passages.count == 2)
        #expect(found.marked.map(\.count) == [2])
    }

    @Test func controlTokensOfTheSubjectAreNotShown() {
        let example = CountedFixture.example([CountedFixture.control, 1, 0], marks: [0: 10, 2: 8])
        let found = evidence([example])
        #expect(found.passages.map { $0.line(vocabulary) } == ["the<< flag>>"])
        #expect(found.marked.map(\.text) == ["the start or end of a text", "\"flag\""])
    }

    /// One of each block in turn, each block in its order.
    @Test func passagesAreTakenFromAllBlocksInTurn() {
        let blocks = [0, 0, 0, 1, 3, 3]
        let found = evidence(
            blocks.enumerated().map {
                CountedFixture.example([UInt32($0.offset), 10], marks: [1: 5], block: $0.element)
            })
        #expect(found.orderOfTaking == [0, 3, 4, 1, 5, 2])
    }

    @Test func aPassageIsCutRoundItsStrongestMark() {
        var tokens = [UInt32](repeating: 5, count: 32)
        tokens[3] = 6
        tokens[20] = 0
        let passage = ClippedPassage(
            of: CountedFixture.example(tokens, marks: [3: 2, 20: 9]), tokenDecoder: vocabulary)
        #expect(passage.tokens == Array(tokens[8...26]))
        #expect(passage.isCutBefore && passage.isCutAfter && passage.marked.count(where: \.self) == 1)
        let line = passage.line(vocabulary)
        #expect(line.hasPrefix("…red red") && line.hasSuffix("red…") && line.contains("<< flag>>"))
    }

    /// A window without a mark is cut round the first token that looks like one.
    @Test func aSilentPassageIsCutRoundWhatLooksLikeAMark() {
        var tokens = [UInt32](repeating: 5, count: 40)
        tokens[30] = 0
        let silent = PlannedExample(
            identity: Hash128(high: 0, low: 0), tokens: tokens, marked: [], strengths: [], block: -1)
        #expect(ClippedPassage(of: silent, near: [0], tokenDecoder: vocabulary).tokens == Array(tokens[18...36]))
        #expect(ClippedPassage(of: silent, tokenDecoder: vocabulary).tokens == Array(tokens[0...18]))
        let empty = CountedFixture.example([CountedFixture.control], marks: [0: 4])
        #expect(ClippedPassage(of: empty, tokenDecoder: vocabulary).line(vocabulary).isEmpty)
    }
}
