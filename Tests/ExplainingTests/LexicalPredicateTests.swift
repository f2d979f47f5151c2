import Elements
import Explaining
import Testing

@Suite struct LexicalPredicateTests {
    private let vocabulary = ToyVocabulary([
        " God", "god", " GOD", "\n", " ", " 42", ".", " running", "ning", " Paris", "x1", "é", "", " ab\n",
    ])

    @Test func termsHoldForTheTokensTheySay() {
        func tokens(_ term: LexicalTerm) -> [UInt32] {
            (0..<UInt32(vocabulary.count)).filter { term.matches($0, text: vocabulary) }
        }
        #expect(tokens(.token(3)) == [3])
        #expect(tokens(.word("god")) == [0, 1, 2])
        #expect(tokens(.ending("ing")) == [7])
        #expect(tokens(.tokenClass(.number)) == [5])
        #expect(tokens(.tokenClass(.punctuation)) == [6])
        #expect(tokens(.tokenClass(.lineEnd)) == [3])
        #expect(tokens(.tokenClass(.space)) == [4])
        #expect(tokens(.tokenClass(.capitalised)) == [0, 9])
        #expect(tokens(.tokenClass(.allCapitals)) == [2])
        #expect(tokens(.tokenClass(.continuation)) == [1, 8])
    }

    @Test func aPredicateComesBackFromJSONAsItWas() throws {
        let predicate = LexicalPredicate(anyOf: [
            .token(7), .word("é\"/\\"), .ending("ing"), .tokenClass(.lineEnd), .tokenClass(.allCapitals),
        ])
        #expect(try LexicalPredicate(json: predicate.json) == predicate)
        #expect(LexicalPredicate(anyOf: [.token(7)]).json == #"{"anyOf":[{"token":7}],"version":1}"#)
    }

    @Test(arguments: [
        "", "[]", #"{"anyOf":[]}"#, #"{"anyOf":[{"token":7}],"version":2}"#, #"{"anyOf":[{}],"version":1}"#,
        #"{"anyOf":[{"token":7,"word":"x"}],"version":1}"#, #"{"anyOf":[{"token":-1}],"version":1}"#,
        #"{"anyOf":[{"class":"vowels"}],"version":1}"#,
    ])
    func whatIsNoPredicateIsRefused(json: String) {
        #expect(throws: ExplainingError.self) { try LexicalPredicate(json: json) }
    }

    @Test func theFastFormGivesWhatThePlainOneGives() {
        let lexicon = LexicalVocabulary(text: vocabulary)
        var generator = TestGenerator(state: 5)
        let terms: [LexicalTerm] =
            [.word("god"), .word("paris"), .word("none"), .ending("ing"), .ending("ng"), .token(99), .token(12)]
            + TokenClass.allCases.map(LexicalTerm.tokenClass) + (0..<13).map(LexicalTerm.token)
        for _ in 0..<500 {
            let predicate = LexicalPredicate(anyOf: Array(terms.shuffled(using: &generator).prefix(3)))
            let tokens = (0..<4).map { _ in UInt32.random(in: 0..<16, using: &generator) }
            #expect(
                lexicon.matcher(for: predicate).matches(tokens[...])
                    == predicate.matches(tokens: tokens, text: vocabulary))
        }
    }
}
