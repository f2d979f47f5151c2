import Elements
import Examples
import Foundation
import Hashing
import Inference
import Synchronization
import Testing

@testable import Scoring

@Suite struct SurprisalScorerTests {
    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, seed: 1)

    private func plan(_ latent: Int, as other: Int? = nil, judge: any LanguageModelClient) throws -> SurprisalPlan {
        try SurprisalPlan(
            subject: Self.corpus.subject(latent, explainedAs: other, judge: judge),
            heldOut: Self.corpus.heldOut(latent), settings: SurprisalSettings())
    }

    @Test func plantedTruthIsToldFromOtherExplanations() async throws {
        let judge = RuleJudge()
        var shuffled: [Estimate] = []
        for latent in 0..<12 {
            let own = try await SurprisalScorer.run(
                plan(latent, judge: judge), judge: judge, tokenDecoder: Self.text, concurrency: 3)
            #expect(own.headline?.value == 1 && (own.headline?.lower ?? 0) > 0.9)
            #expect(own.judged == 100 && own.failed == 0 && own.details["auroc"] == own.headline)
            #expect((0..<10).allSatisfy { own.details["auroc_block_\($0)"]?.value == 1 })
            let other = try await SurprisalScorer.run(
                plan(latent, as: (latent + 5) % 12, judge: judge), judge: judge, tokenDecoder: Self.text, concurrency: 3
            )
            shuffled.append(try #require(other.headline))
        }
        #expect(shuffled.count { $0.lower <= 0.5 && $0.upper >= 0.5 } >= 10)
        let mean: Double = shuffled.map(\.value).reduce(0, +) / 12
        #expect(abs(mean - 0.5) < 0.05)
        let inverted = RuleJudge(isInverted: true)
        let score = try await SurprisalScorer.run(
            plan(1, judge: inverted), judge: inverted, tokenDecoder: Self.text, concurrency: 1)
        #expect(score.headline?.value == 0)
    }

    @Test func theAreaIsThatOfTheDifference() throws {
        let plan = try plan(1, judge: RuleJudge())
        let cost = CallCost()
        func area(_ value: (Question) -> Double?) -> Score {
            SurprisalScorer.score(plan, information: plan.questions.map(value), cost: cost)
        }
        #expect(area { $0.isPositive ? 2 : 1 }.headline?.value == 1)
        #expect(area { $0.isPositive ? 1 : 2 }.headline?.value == 0)
        #expect(area { _ in 1 }.headline?.value == 0.5)
        let some = area { $0.isPositive ? 2 : ($0.identity.low % 2 == 0 ? 1 : nil) }
        #expect(some.headline?.value == 1 && some.judged + some.failed == 100 && some.failed > 10)
        #expect(area { $0.isPositive ? 1 : nil }.headline == nil)
    }

    /// Counts what it is asked and says that each character costs one nat.
    private final class Counter: LanguageModelClient {
        let asked = Mutex<[(prefix: String, text: String)]>([])
        var name: String { "counter" }
        var digest: Hash128 { Hash128(high: 3, low: 5) }
        var offersLogProbabilities: Bool { true }
        var readsTexts: Bool { true }
        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            throw InferenceError(.unsupported, "not asked")
        }
        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "not asked")
        }
        func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
            asked.withLock { $0.append((prefix, text)) }
            return TextLogProbability(value: -Double(text.count), tokens: text.count, tokensIn: 5, tokensOut: 1)
        }
    }

    @Test func everyWindowIsReadWholeBehindTwoPrefixes() async throws {
        let judge = Counter()
        let plan = try plan(2, judge: judge)
        let score = try await SurprisalScorer.run(plan, judge: judge, tokenDecoder: Self.text, concurrency: 1)
        #expect(score.headline?.value == 0.5 && score.tokensIn == 1000 && score.tokensOut == 200)
        let asked = judge.asked.withLock { $0 }
        let texts = plan.questions.map { SubjectText.line(of: $0.tokens, tokenDecoder: Self.text) }
        #expect(asked.map(\.text) == texts + texts)
        // All windows behind one prefix before the other is begun: each is computed once.
        #expect(Set(asked.prefix(100).map(\.prefix)).count == 1 && Set(asked.suffix(100).map(\.prefix)).count == 1)
        #expect(asked.first?.prefix.hasSuffix("Description: Contains the token w2.\nTexts:\n") == true)
        #expect(asked.last?.prefix.hasSuffix("Description: \(SurprisalPrompt.nothing)\nTexts:\n") == true)
        #expect(asked.first?.prefix.components(separatedBy: "Description: ").count == 11)
    }

    @Test func aJudgeThatReadsNoTextsIsRefused() async throws {
        let plan = try plan(1, judge: RuleJudge())
        await #expect {
            try await SurprisalScorer.run(
                plan, judge: RuleJudge(readsTexts: false), tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.kind == .unsupported }
    }
}
