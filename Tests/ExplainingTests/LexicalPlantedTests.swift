import Elements
import Testing

@testable import Explaining

/// Latents whose rule is known: what is found must be the rule, or agree with it on every window that could be seen.
@Suite struct LexicalPlantedTests {
    /// A corpus in which each latent fires where its rule says: given a window's tokens, the positions.
    private static func view(
        rules: [@Sendable ([UInt32]) -> [Int]], vocabulary: Int, windows: Int, seed: UInt64
    ) -> ToyView {
        var generator = TestGenerator(state: seed)
        var view = ToyView()
        var train = rules.map { _ in [Example]() }
        for number in 0..<windows {
            // Low ids are common, as words are.
            let window = toyWindow(
                (0..<24).map { _ in
                    let bound = UInt32.random(in: 1...UInt32(vocabulary), using: &generator)
                    return UInt32.random(in: 0..<bound, using: &generator)
                })
            let isTrain = number % 2 == 0
            var firing: [Int32] = []
            for (latent, rule) in rules.enumerated() {
                let positions = rule(window.tokens)
                guard !positions.isEmpty else { continue }
                firing.append(Int32(latent))
                var activations = [Float](repeating: 0, count: 24)
                for position in positions { activations[position] = Float.random(in: 1...9, using: &generator) }
                if isTrain, train[latent].count < 128 {
                    train[latent].append(Example(window: window, activations: activations))
                }
            }
            // Every tenth window is not in the pool, as most train examples of a long run are not.
            if number % 10 != 0 {
                view.pool.append(PoolWindow(window: window, latents: firing, isTrain: isTrain, isTest: !isTrain))
            }
        }
        view.latents = rules.indices.map { toyEvidence(latent: $0, train: train[$0]) }
        return view
    }

    private static func explain(
        _ rules: [@Sendable ([UInt32]) -> [Int]], tokenDecoder: ToyVocabulary, windows: Int = 4000,
        settings: LexicalSettings = LexicalSettings()
    ) throws -> [(explanation: Explanation, predicate: LexicalPredicate, balanced: Double)] {
        let view = view(rules: rules, vocabulary: tokenDecoder.count, windows: windows, seed: 11)
        let words = LexicalVocabulary(tokenDecoder: tokenDecoder)
        let index = LexicalIndex(pool: view.pool, latents: view.coder.latents, vocabulary: words)
        var explainer = LexicalExplainer(
            node: "lexical", update: view.update, index: index, settings: settings, seed: 7, tokenDecoder: tokenDecoder)
        return try rules.indices.map { latent in
            let explanation = try explainer.explain(view.evidence(of: latent))
            let predicate = try LexicalPredicate(json: explanation.predicate ?? "")
            let matcher = words.matcher(for: predicate)
            let held = view.pool.filter { !$0.isTrain }
            func rate(_ fires: Bool) -> Double {
                let windows = held.filter { rules[latent]($0.window.tokens).isEmpty != fires }
                return Double(windows.count { matcher.matches($0.window.tokens[...]) == fires })
                    / Double(max(windows.count, 1))
            }
            return (explanation, predicate, (rate(true) + rate(false)) / 2)
        }
    }

    private static func positions(_ tokens: [UInt32], _ holds: (Int) -> Bool) -> [Int] { tokens.indices.filter(holds) }

    @Test func everyTokenSetIsFoundExactlyAndNothingBeside() throws {
        var generator = TestGenerator(state: 21)
        var sets: [Set<UInt32>] = []
        for size in 1...8 {
            for _ in 0..<3 {
                sets.append(Set((40..<300).map(UInt32.init).shuffled(using: &generator).prefix(size)))
            }
        }
        let rules = sets.map { set -> @Sendable ([UInt32]) -> [Int] in
            { tokens in Self.positions(tokens) { set.contains(tokens[$0]) } }
        }
        for (set, found) in zip(sets, try Self.explain(rules, tokenDecoder: .words(400))) {
            #expect(Set(found.predicate.terms) == Set(set.map(LexicalTerm.token)))
            #expect(found.predicate.clauses.count == 1 && found.balanced == 1)
        }
    }

    @Test func digitsAndOtherShapesAreFoundByWhatTheirTokensShare() throws {
        let text = ToyVocabulary(
            (0..<900).map { number in
                switch number {
                case 300..<340: " \(number * 7)"
                case 340..<380: " base\(number)"
                case 380..<420: ["nation", "vector", "pillar", "garden"][number % 4] + "_\(number)x"
                case 420..<460: " unre" + String(repeating: "qwx", count: number % 5 + 1) + ["b", "c", "d"][number % 3]
                default: " w\(number % 7)k\(number)"
                }
            })
        let kinds: [(Range<UInt32>, Set<LexicalTerm>)] = [
            (300..<340, [.tokenClass(.number)]), (340..<380, [.shape("a0")]),
            (380..<420, [.shape("a_0a"), .character("_")]), (420..<460, [.beginning("unr"), .beginning("unre")]),
        ]
        let rules = kinds.map { range, _ -> @Sendable ([UInt32]) -> [Int] in
            { tokens in Self.positions(tokens) { range.contains(tokens[$0]) } }
        }
        for (kind, found) in zip(kinds, try Self.explain(rules, tokenDecoder: text)) {
            #expect(found.predicate.terms.count == 1 && kind.1.isSuperset(of: found.predicate.terms))
            #expect(found.balanced == 1)
        }
    }

    @Test func aWordAfterAnotherIsFound() throws {
        let rules: [@Sendable ([UInt32]) -> [Int]] = [
            { tokens in Self.positions(tokens) { $0 > 0 && tokens[$0] == 2 && tokens[$0 - 1] == 5 } },
            { tokens in Self.positions(tokens) { $0 > 0 && tokens[$0 - 1] == 9 } },
            { tokens in Self.positions(tokens) { $0 > 0 && [1, 3].contains(tokens[$0]) && tokens[$0 - 1] == 4 } },
        ]
        let expected: [Set<LexicalTerm>] = [
            [.after(.token(5), token: .token(2))], [.after(.token(9), token: nil)],
            [.after(.token(4), token: .token(1)), .after(.token(4), token: .token(3))],
        ]
        let found = try Self.explain(rules, tokenDecoder: .words(60))
        for (terms, found) in zip(expected, found) {
            #expect(Set(found.predicate.terms) == terms && found.balanced == 1)
        }
        #expect(found[0].explanation.text == "Contains \"·w2\" after \"·w5\".")
        #expect(found[1].explanation.text == "Contains anything after \"·w9\".")
    }

    @Test func aTokenListNamesNothingButTokensInOneClause() throws {
        let rules: [@Sendable ([UInt32]) -> [Int]] = [
            { tokens in Self.positions(tokens) { [40, 41, 42].contains(tokens[$0]) } },
            { tokens in Self.positions(tokens) { $0 > 0 && tokens[$0] == 2 && tokens[$0 - 1] == 5 } },
            { tokens in tokens.contains(25) ? [] : Self.positions(tokens) { tokens[$0] == 8 } },
        ]
        var settings = LexicalSettings()
        settings.isTokenList = true
        let lists = try Self.explain(rules, tokenDecoder: .words(60), settings: settings)
        for found in lists {
            #expect(found.predicate.clauses.count == 1)
            #expect(found.predicate.terms.allSatisfy { if case .token = $0 { true } else { false } })
        }
        #expect(Set(lists[0].predicate.terms) == [.token(40), .token(41), .token(42)] && lists[0].balanced == 1)
        let whole = try Self.explain(rules, tokenDecoder: .words(60))
        for (list, whole) in zip(lists, whole).dropFirst() {
            #expect(list.balanced < whole.balanced && list.explanation.job != whole.explanation.job)
        }
    }

    @Test func aTokenInOneContextOrOutsideOfAnotherIsFoundWhereverItStands() throws {
        let rules: [@Sendable ([UInt32]) -> [Int]] = [
            { tokens in tokens.contains(30) ? Self.positions(tokens) { tokens[$0] == 7 } : [] },
            { tokens in tokens.contains(25) ? [] : Self.positions(tokens) { tokens[$0] == 8 } },
            { tokens in
                tokens.contains(28) && !tokens.contains(22) ? Self.positions(tokens) { tokens[$0] == 6 } : []
            },
        ]
        let expected: [LexicalPredicate] = [
            LexicalPredicate(allOf: [LexicalClause([.token(7)]), LexicalClause([.token(30)])]),
            LexicalPredicate(allOf: [LexicalClause([.token(8)]), LexicalClause([.token(25)], isNegated: true)]),
            LexicalPredicate(allOf: [
                LexicalClause([.token(6)]), LexicalClause([.token(28)]), LexicalClause([.token(22)], isNegated: true),
            ]),
        ]
        for (predicate, found) in zip(expected, try Self.explain(rules, tokenDecoder: .words(60))) {
            #expect(Set(found.predicate.clauses) == Set(predicate.clauses))
            #expect(found.balanced == 1)
        }
    }

    /// Words that share endings, so that kinds of token offer themselves that are nearly right.
    @Test func noPlainListOfTokensIsBetterOnTheTrainSideThanWhatIsFound() throws {
        let (starts, ends) = (["mast", "wat", "lat", "serv", "loc", "fin"], ["er", "al", "ing", "ers", "ation"])
        let words = (0..<300).map { number -> String in
            let middle = String("qrst".prefix(number / 30 % 4))
            return " \(starts[number % 6])\(middle)\(ends[number / 6 % 5])"
        }
        let text = ToyVocabulary(words)
        var generator = TestGenerator(state: 5)
        let rules = (0..<24).map { number -> @Sendable ([UInt32]) -> [Int] in
            let set = Set((60..<300).map(UInt32.init).shuffled(using: &generator).prefix(2 + number % 5))
            return { tokens in Self.positions(tokens) { set.contains(tokens[$0]) } }
        }
        var settings = LexicalSettings()
        settings.isTokenList = true
        let view = Self.view(rules: rules, vocabulary: text.count, windows: 4000, seed: 11)
        func value(_ predicate: LexicalPredicate, _ latent: Int) -> Double {
            var counts: [Bool: (held: Int, all: Int)] = [true: (0, 0), false: (0, 0)]
            let pool = view.pool.filter { !$0.isTest }
            let pooled = Set(pool.map(\.window.identity))
            let others = view.evidence(of: latent).train.map(\.window).filter { !pooled.contains($0.identity) }
            for window in pool.map(\.window) + others {
                let fires = !rules[latent](window.tokens).isEmpty
                counts[fires]?.all += 1
                if predicate.matches(tokens: window.tokens, tokenDecoder: text) { counts[fires]?.held += 1 }
            }
            func rate(_ fires: Bool) -> Double {
                counts[fires].map { Double($0.held) / Double(max($0.all, 1)) } ?? 0
            }
            return rate(true) - rate(false)
        }
        let lists = try Self.explain(rules, tokenDecoder: text, settings: settings)
        for (latent, (list, found)) in zip(lists, try Self.explain(rules, tokenDecoder: text)).enumerated() {
            #expect(value(found.predicate, latent) >= value(list.predicate, latent) - 1e-9, "latent \(latent)")
        }
    }

    @Test func aWordIsNamedAsItIsWrittenWhereCaseDecides() throws {
        let words = [" He", "He", " he", "he", "HE", " let", "let", " Let"]
        let text = ToyVocabulary((0..<80).map { $0 < 8 ? words[$0] : " w\($0)" })
        let rules: [@Sendable ([UInt32]) -> [Int]] = [
            { tokens in Self.positions(tokens) { [0, 1].contains(tokens[$0]) } },
            { tokens in Self.positions(tokens) { [5, 6, 7].contains(tokens[$0]) } },
        ]
        let found = try Self.explain(rules, tokenDecoder: text)
        #expect(found[0].predicate.terms == [.casedWord("He")] && found[0].balanced == 1)
        #expect(found[0].explanation.text == "Contains the word \"He\" written so.")
        #expect(found[1].predicate.terms == [.word("let")] && found[1].balanced == 1)
    }
}
