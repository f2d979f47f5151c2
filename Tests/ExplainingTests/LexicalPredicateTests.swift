import Elements
import Explaining
import Testing

@Suite struct LexicalPredicateTests {
    private let vocabulary = ToyVocabulary([
        " God", "god", " GOD", "\n", " ", " 42", ".", " running", "ning", " Paris", "x1", "é", "", " ab\n", " my_Var1",
    ])

    @Test func termsHoldForTheTokensTheySay() {
        func tokens(_ term: LexicalTerm) -> [UInt32] {
            (0..<UInt32(vocabulary.count)).filter { term.matches($0, tokenDecoder: vocabulary) }
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
        #expect(tokens(.beginning("run")) == [7])
        #expect(tokens(.beginning("runn")) == [7])
        #expect(tokens(.beginning("ru")) == [])
        #expect(tokens(.shape("a0")) == [10])
        #expect(tokens(.shape("a_Aa0")) == [14])
        #expect(tokens(.character("_")) == [14])
        #expect(tokens(.character(".")) == [6])
        #expect(
            (0..<15).filter {
                LexicalTerm.after(.token(4), token: .word("god")).matches(1, before: $0, tokenDecoder: vocabulary)
            } == [4])
        #expect(LexicalTerm.after(.token(4), token: nil).matches(77, before: 4, tokenDecoder: vocabulary))
        #expect(!LexicalTerm.after(.token(4), token: nil).matches(77, tokenDecoder: vocabulary))
    }

    @Test func aPredicateComesBackFromJSONAsItWas() throws {
        let predicate = LexicalPredicate(anyOf: [
            .token(7), .word("é\"/\\"), .ending("ing"), .tokenClass(.lineEnd), .tokenClass(.allCapitals),
        ])
        #expect(try LexicalPredicate(json: predicate.json) == predicate)
        let wide = LexicalPredicate(allOf: [
            LexicalClause([.beginning("pre"), .shape("a_a"), .after(.word("of"), token: .tokenClass(.number))]),
            LexicalClause([.character("_"), .after(.token(3), token: nil)], isNegated: true),
            LexicalClause([.token(1)]),
        ])
        #expect(try LexicalPredicate(json: wide.json) == wide)
        #expect(wide.terms.count == 6)
        #expect(
            LexicalPredicate(allOf: [LexicalClause([.token(7)]), LexicalClause([.token(8)], isNegated: true)]).json
                == #"{"allOf":[{"anyOf":[{"token":7}]},{"noneOf":[{"token":8}]}],"version":2}"#)
        let cased = LexicalPredicate(anyOf: [.casedWord("He"), .token(7)])
        #expect(cased.json == #"{"allOf":[{"anyOf":[{"cased_word":"He"},{"token":7}]}],"version":3}"#)
        #expect(try LexicalPredicate(json: cased.json) == cased)
        #expect(LexicalPredicate(anyOf: [.token(7)]).json == #"{"anyOf":[{"token":7}],"version":1}"#)
    }

    @Test func aPredicateOfSeveralListsHoldsWhereOneOfThemDoes() throws {
        let one = LexicalPredicate(anyOf: [.token(7)])
        let other = LexicalPredicate(allOf: [LexicalClause([.token(8)]), LexicalClause([.token(9)], isNegated: true)])
        let either = try #require(LexicalPredicate(eitherOf: [one, other]))
        #expect(
            either.json
                == #"{"eitherOf":[{"allOf":[{"anyOf":[{"token":7}]}]},"#
                + #"{"allOf":[{"anyOf":[{"token":8}]},{"noneOf":[{"token":9}]}]}],"version":4}"#)
        #expect(try LexicalPredicate(json: either.json) == either && either.terms == [.token(7), .token(8), .token(9)])
        func holds(_ tokens: [UInt32]) -> Bool { either.matches(tokens: tokens, tokenDecoder: vocabulary) }
        #expect(holds([7, 9]) && holds([8]) && !holds([8, 9]) && !holds([5]))
        // One list is no choice, and none no predicate.
        #expect(LexicalPredicate(eitherOf: [other]) == other && LexicalPredicate(eitherOf: []) == nil)
    }

    @Test(arguments: [
        #"{"eitherOf":[],"version":4}"#, #"{"eitherOf":[{"allOf":[{"anyOf":[]}]}],"version":4}"#,
        #"{"eitherOf":[{"allOf":[{"anyOf":[]}]},{"allOf":[]}],"version":4}"#,
        #"{"eitherOf":[{"allOf":[{"anyOf":[]}]},{"allOf":[{"anyOf":[]}]}],"version":3}"#,
        "", "[]", #"{"anyOf":[]}"#, #"{"anyOf":[{"token":7}],"version":2}"#, #"{"anyOf":[{}],"version":1}"#,
        #"{"anyOf":[{"token":7,"word":"x"}],"version":1}"#, #"{"anyOf":[{"token":-1}],"version":1}"#,
        #"{"anyOf":[{"class":"vowels"}],"version":1}"#, #"{"allOf":[],"version":2}"#,
        #"{"allOf":[{"anyOf":[],"noneOf":[]}],"version":2}"#, #"{"allOf":[{"anyOf":[]}],"version":1}"#,
        #"{"allOf":[{"anyOf":[{"after":{"before":{"after":{"before":{"token":1}}}}}]}],"version":2}"#,
        #"{"allOf":[{"anyOf":[]},{"anyOf":[]},{"anyOf":[]},{"anyOf":[]}],"version":2}"#,
    ])
    func whatIsNoPredicateIsRefused(json: String) {
        #expect(throws: ExplainingError.self) { try LexicalPredicate(json: json) }
    }

    @Test func theFastFormGivesWhatThePlainOneGives() {
        let lexicon = LexicalVocabulary(tokenDecoder: vocabulary)
        var generator = TestGenerator(state: 5)
        let single: [LexicalTerm] =
            [.word("god"), .word("paris"), .word("none"), .ending("ing"), .ending("ng"), .token(99), .token(12)]
            + [.beginning("runn"), .shape("a0"), .shape("a_Aa0"), .character("."), .character("_")]
            + TokenClass.allCases.map(LexicalTerm.tokenClass) + (0..<13).map(LexicalTerm.token)
        var last = LexicalPredicate(anyOf: [.token(1)])
        for round in 0..<2000 {
            let pairs = (0..<8).map { number in
                LexicalTerm.after(
                    single.randomElement(using: &generator) ?? .token(0),
                    token: number % 3 == 0 ? nil : single.randomElement(using: &generator))
            }
            let clauses = (0...round % 3).map { _ in
                LexicalClause(
                    Array((single + pairs).shuffled(using: &generator).prefix(3)),
                    isNegated: Bool.random(using: &generator))
            }
            let plain = LexicalPredicate(allOf: clauses)
            let predicate = round % 5 > 0 ? plain : LexicalPredicate(eitherOf: [plain, last]) ?? plain
            last = plain
            let tokens = (0..<4).map { _ in UInt32.random(in: 0..<18, using: &generator) }
            #expect(
                lexicon.matcher(for: predicate).matches(tokens[...])
                    == predicate.matches(tokens: tokens, tokenDecoder: vocabulary))
        }
    }
}
