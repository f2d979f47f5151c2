import Elements
import Explaining
import Hashing
import Statistics
import Testing

@testable import Scoring

@Suite struct ExecutionScorerTests {
    private let text = ToyVocabulary(words: 80)
    private let corpus = PlantedCorpus(latents: 6, vocabulary: 80, windows: 900, seed: 13)

    private func score(_ latent: Int, _ predicate: LexicalPredicate, target: Int? = nil, seed: UInt64 = 1) throws
        -> Score
    {
        let matcher = LexicalVocabulary(tokenDecoder: text).matcher(for: predicate)
        let positives = corpus.test[target ?? latent]
        let subject = ScoreSubject(
            node: "executed", explanation: corpus.explanation(latent, predicate: predicate.json), latent: target,
            control: target == nil ? nil : "shuffled", seed: seed)
        return try ExecutionScorer.score(
            subject, on: HeldOutSet(positives: positives, negatives: []), pool: NegativePool(pool: corpus.pool),
            matches: matcher.matches)
    }

    @Test func everyCountIsThatOfBruteForce() throws {
        // Some pool windows have the train bit and may not serve.
        var mixed = corpus
        mixed.pool = corpus.pool.enumerated().map { number, window in
            PoolWindow(
                window: window.window, latents: window.latents, isTrain: number % 3 == 0, isTest: number % 5 != 0)
        }
        let predicates: [LexicalPredicate] = [
            LexicalPredicate(anyOf: [.token(2), .token(40)]), LexicalPredicate(anyOf: [.token(70)]),
            LexicalPredicate(anyOf: []), LexicalPredicate(anyOf: (0..<8).map { .token($0 * 5) }),
        ]
        for (latent, predicate) in predicates.enumerated() {
            let matcher = LexicalVocabulary(tokenDecoder: text).matcher(for: predicate)
            let explanation = corpus.explanation(latent, predicate: predicate.json)
            let score = try ExecutionScorer.score(
                ScoreSubject(node: "executed", explanation: explanation, seed: 1),
                on: HeldOutSet(positives: corpus.test[latent], negatives: []), pool: NegativePool(pool: mixed.pool),
                matches: matcher.matches)
            var table = ConfusionTable()
            for example in corpus.test[latent] {
                table.count(
                    isPositive: true, verdict: predicate.matches(tokens: example.window.tokens, tokenDecoder: text))
            }
            for window in mixed.pool where !window.isTrain && !window.latents.contains(Int32(latent)) {
                table.count(
                    isPositive: false, verdict: predicate.matches(tokens: window.window.tokens, tokenDecoder: text))
            }
            #expect(score.headline == BalancedAccuracy.estimate(of: table))
            #expect(score.details["true_positive_rate"] == table.truePositiveRate)
            #expect(score.details["true_negative_rate"] == table.trueNegativeRate)
            #expect(score.details["precision"] == table.precision)
            #expect(score.details["f1"]?.value == table.f1)
            #expect(score.details["f1_balanced"]?.value == table.balancedF1)
            #expect(score.judged == table.positives + table.negatives && score.failed == 0)
        }
    }

    @Test func theTruePredicateScoresOneAndAShuffledOneAHalf() throws {
        for latent in 0..<6 {
            #expect(try score(latent, LexicalPredicate(anyOf: [.token(UInt32(latent))])).headline?.value == 1)
        }
        let shuffled = try (0..<6).map { latent in
            let other = (latent + 1) % 6
            return try #require(
                score(other, LexicalPredicate(anyOf: [.token(UInt32(other))]), target: latent).headline)
        }
        #expect(shuffled.count { $0.lower <= 0.5 && $0.upper >= 0.5 } >= 5)
        let mean = shuffled.map(\.value).reduce(0, +) / 6
        #expect(abs(mean - 0.5) < 0.05)
    }

    @Test func theNameFollowsThePoolThePositivesAndThePredicate() throws {
        let predicate = LexicalPredicate(anyOf: [.token(1)])
        let base = try score(1, predicate)
        #expect(try score(1, predicate) == base)
        #expect(try score(1, LexicalPredicate(anyOf: [.token(2)])).job != base.job)
        #expect(try score(1, predicate, target: 2).job != base.job)
        #expect(try score(1, predicate, seed: 2).job != base.job)
        let explanation = corpus.explanation(1, predicate: predicate.json)
        let fewer = try ExecutionScorer.score(
            ScoreSubject(node: "executed", explanation: explanation, seed: 1),
            on: HeldOutSet(positives: corpus.test[1], negatives: []),
            pool: NegativePool(pool: Array(corpus.pool.dropLast())), matches: { _ in true })
        #expect(fewer.job != base.job)
    }

    @Test func thePoolKnowsWhichWindowsAreSilent() {
        let pool = NegativePool(pool: corpus.pool)
        for latent in [0, 3, 5, 1000] {
            let expected = corpus.pool.filter { !$0.latents.contains(Int32(latent)) }
            #expect(pool.negatives(of: latent) == expected)
            let alarms = pool.alarms(silent: latent) { $0.contains(7) }
            #expect(alarms.silent == expected.count)
            #expect(
                alarms.windows.map { pool.windows[$0] } == expected.filter { $0.window.tokens.contains(7) })
        }
    }

    @Test func withoutPositivesThereIsNoScore() {
        #expect {
            try ExecutionScorer.score(
                ScoreSubject(node: "n", explanation: corpus.explanation(1), seed: 1),
                on: HeldOutSet(positives: [], negatives: []), pool: NegativePool(pool: corpus.pool),
                matches: { _ in true })
        } throws: { ($0 as? ScoringError)?.kind == .tooFewExamples }
    }

    /// As if they were not in the pool: no figure of them is left, not even in the replicates.
    @Test func windowsPassedOverAreNoNegatives() throws {
        let corpus = PlantedCorpus(latents: 6, vocabulary: 80, windows: 900, documents: 60, seed: 13)
        let predicate = LexicalPredicate(anyOf: [.token(2), .token(40)])
        let subject = ScoreSubject(
            node: "executed", explanation: corpus.explanation(2, predicate: predicate.json), seed: 1)
        let matcher = LexicalVocabulary(tokenDecoder: text).matcher(for: predicate)
        func score(_ pool: [PoolWindow], passedOver: [Int]) throws -> Score {
            try ExecutionScorer.score(
                subject, on: HeldOutSet(positives: corpus.test[2], negatives: []), pool: NegativePool(pool: pool),
                passedOver: passedOver, matches: matcher.matches)
        }
        let numbers = corpus.pool.indices.filter { $0 % 7 == 0 }
        let fewer = corpus.pool.indices.filter { $0 % 7 != 0 }.map { corpus.pool[$0] }
        let (passed, expected) = (try score(corpus.pool, passedOver: numbers), try score(fewer, passedOver: []))
        #expect(passed.headline == expected.headline && passed.judged == expected.judged)
        #expect(passed.replicates == expected.replicates && passed.replicates != nil)
        #expect(passed.details["precision"] == expected.details["precision"])
        #expect(try passed.job != score(corpus.pool, passedOver: []).job)
    }
}
