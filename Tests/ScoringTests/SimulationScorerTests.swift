import Elements
import Foundation
import Hashing
import Inference
import Testing

@testable import Scoring

@Suite struct SimulationScorerTests {
    /// A judge that knows the activations of the windows of a plan and predicts a function of them.
    private struct Oracle: LanguageModelClient {
        /// By the pieces asked about: the true activations, from 0 to 10.
        var truths: [[String]: [Float]] = [:]
        /// The log-probabilities of the values from an activation and the token's place; `nil` where it fails.
        var answer: @Sendable (Float, Int) -> [Double?]
        /// How many windows it fails on.
        var failing = 0
        var name: String { "oracle" }
        var digest: Hash128 { Hash128(high: 3, low: 4) }
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
        func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
            -> PlacedLogProbabilities
        {
            guard let truth = truths[text.pieces] else { throw InferenceError(.badAnswer, "unknown window") }
            return PlacedLogProbabilities(
                values: truth.enumerated().map { answer($0.element, $0.offset) }, tokensIn: 7, tokensOut: 1)
        }

        /// The value `expected` as the mean of the two whole numbers about it.
        static func mixture(_ expected: Double) -> [Double?] {
            let low = min(Int(expected), 9)
            var values = [Double?](repeating: nil, count: 11)
            // Any common factor is divided out.
            values[low] = log(max(Double(low + 1) - expected, 0) / 3)
            values[low + 1] = log(max(expected - Double(low), 0) / 3)
            return values
        }
    }

    private static let text = ToyVocabulary(words: 80)
    private static let corpus = PlantedCorpus(latents: 12, vocabulary: 80, windows: 1500, strengths: 7...9, seed: 1)

    private func plan(_ latent: Int, as other: Int? = nil, judge: any LanguageModelClient, scale: Int = 10) throws
        -> SimulationPlan
    {
        var settings = SimulationSettings()
        settings.scale = scale
        return try SimulationPlan(
            subject: Self.corpus.subject(latent, explainedAs: other, judge: judge),
            heldOut: Self.corpus.heldOut(latent), maximum: 9, settings: settings)
    }

    private func score(failing: Int = 0, _ answer: @escaping @Sendable (Float, Int) -> [Double?]) async throws -> Score
    {
        var oracle = Oracle(answer: answer)
        let plan = try plan(3, judge: oracle)
        for window in plan.windows.dropFirst(failing) {
            let placed = SimulationPrompt.text(
                of: window, explanation: plan.subject.text, scale: 10, tokens: Self.text)
            oracle.truths[placed.pieces] = window.activations
        }
        return try await SimulationScorer.run(plan, judge: oracle, tokenDecoder: Self.text, concurrency: 3)
    }

    @Test func theTruthCorrelatesByOneAndItsOppositeByMinusOne() async throws {
        let truth = try await score { value, _ in Oracle.mixture(Double(value)) }
        let headline = try #require(truth.headline)
        #expect(abs(headline.value - 1) < 1e-9 && headline.upper == 1 && headline.lower > 0.8 && headline.lower < 1)
        #expect(truth.judged == 100 * 24 && truth.failed == 0 && headline.count == truth.judged)
        #expect(truth.tokensIn == 700 && truth.tokensOut == 100)
        for block in 0..<10 {
            #expect(abs((truth.details["correlation_block_\(block)"]?.value ?? 0) - 1) < 1e-9)
        }
        #expect(abs((truth.details["correlation_positives"]?.value ?? 0) - 1) < 1e-9)
        let inverted = try await score { value, _ in Oracle.mixture(10 - Double(value)) }
        #expect(abs((inverted.headline?.value ?? 0) + 1) < 1e-9 && inverted.headline?.lower == -1)
    }

    @Test func aGuessThatKnowsNothingCorrelatesByNothing() async throws {
        let blind = try await score { _, place in Oracle.mixture(Double(place * 7 % 10)) }
        let headline = try #require(blind.headline)
        #expect(headline.lower < 0 && headline.upper > 0 && abs(headline.value) < 0.06)
    }

    @Test func theSameValueForAllTokensIsNoCorrelationAndSaysSo() async throws {
        let flat = try await score { _, _ in Oracle.mixture(2.5) }
        #expect(flat.headline == nil && flat.judged == 2400 && flat.failed == 0)
        #expect(abs((flat.details["constant_prediction"]?.value ?? 0) - 2.5) < 1e-9)
        #expect(!flat.details.keys.contains { $0.hasPrefix("correlation") })
    }

    @Test func aTokenWithoutANumberIsFailedAndNeverZero() async throws {
        // Every third token: were it zero, the correlation would fall.
        let score = try await score { value, place in
            place % 3 == 0 ? [Double?](repeating: nil, count: 11) : Oracle.mixture(Double(value))
        }
        #expect(score.failed == 800 && score.judged == 1600)
        #expect(abs((score.headline?.value ?? 0) - 1) < 1e-9)
        let windows = try await self.score(failing: 4) { value, _ in Oracle.mixture(Double(value)) }
        #expect(windows.failed == 4 * 24 && abs((windows.headline?.value ?? 0) - 1) < 1e-9)
        await #expect { try await self.score { _, _ in [] } } throws: { ($0 as? ScoringError)?.kind == .judgeFailed }
    }

    @Test func theExpectationIsThatOfWhatIsGiven() throws {
        let weighed = try #require(SimulationScorer.expectation(of: [log(0.1), nil, log(0.3)], scale: 2))
        #expect(abs(weighed - 7.5) < 1e-12)
        #expect(SimulationScorer.expectation(of: [-2000, -2000], scale: 1) == 5)
        #expect(SimulationScorer.expectation(of: [nil, -.infinity], scale: 1) == nil)
        #expect(SimulationScorer.expectation(of: [], scale: 10) == nil)
        let one = try #require(SimulationScorer.expectation(of: [nil, -1, -.infinity], scale: 9))
        #expect(abs(one - 10.0 / 9) < 1e-12)
    }

    @Test func plantedTruthIsToldFromOtherExplanations() async throws {
        let judge = RuleJudge()
        var shuffled: [Estimate] = []
        for latent in 0..<12 {
            let own = try await SimulationScorer.run(
                plan(latent, judge: judge), judge: judge, tokenDecoder: Self.text, concurrency: 2)
            #expect((own.headline?.value ?? 0) > 0.95 && (own.headline?.lower ?? 0) > 0.9)
            let other = try await SimulationScorer.run(
                plan(latent, as: (latent + 5) % 12, judge: judge), judge: judge, tokenDecoder: Self.text, concurrency: 2
            )
            #expect(other.control == "shuffled" && other.latent == latent)
            shuffled.append(try #require(other.headline))
        }
        // A token is one word, so the wrong word never stands where the latent fires: a little under 0 by construction.
        #expect(shuffled.allSatisfy { abs($0.value) < 0.06 && $0.lower < 0 && $0.upper > -0.06 })
        let mean: Double = shuffled.map(\.value).reduce(0, +) / 12
        #expect(abs(mean) < 0.05)
    }

    @Test func aPlanIsNamedByWhatDecidesItsOutcome() throws {
        let judge = RuleJudge()
        let base = try plan(1, judge: judge)
        #expect(try plan(1, judge: judge) == base)
        #expect(try plan(1, judge: judge, scale: 9).job != base.job)
        #expect(try plan(1, as: 2, judge: judge).job != base.job)
        let halved = try SimulationPlan(
            subject: base.subject, heldOut: Self.corpus.heldOut(1), maximum: 18, settings: SimulationSettings())
        #expect(halved.job != base.job)
        let doubled: [[Float]] = halved.windows.map { window in window.activations.map { 2 * $0 } }
        #expect(doubled == base.windows.map(\.activations))
        let greatest: Float = base.windows.flatMap(\.activations).max() ?? 0
        #expect(greatest > 9.5 && greatest <= 10)
        #expect(throws: ScoringError.self) {
            try SimulationPlan(
                subject: base.subject, heldOut: HeldOutSet(positives: [], negatives: []), maximum: 1,
                settings: SimulationSettings())
        }
    }

    @Test func aJudgeThatReadsNoTextsOrIsAnotherOneIsRefused() async throws {
        let plan = try plan(1, judge: RuleJudge())
        await #expect {
            try await SimulationScorer.run(
                plan, judge: RuleJudge(readsTexts: false), tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.kind == .unsupported }
        await #expect {
            try await SimulationScorer.run(
                plan, judge: RuleJudge(isInverted: true), tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.kind == .modelChanged }
        let gone = RuleJudge(outage: InferenceError(.unreachable, "nobody"))
        await #expect {
            try await SimulationScorer.run(plan, judge: gone, tokenDecoder: Self.text, concurrency: 1)
        } throws: { ($0 as? ScoringError)?.isRetriable == true }
    }
}
