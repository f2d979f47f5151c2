import Elements
import Inference
import Testing

@testable import Scoring

/// What a judge says it had in its cache is kept, whatever the method.
@Suite struct CachedTokensTests {
    private static let text = ToyVocabulary(words: 60)
    private static let corpus = PlantedCorpus(latents: 4, vocabulary: 60, windows: 800, seed: 5)

    private static func scores(by judge: RuleJudge) async throws -> [(score: Score, calls: Int)] {
        let subject = corpus.subject(1, judge: judge)
        let evidence = PlanEvidence(heldOut: corpus.heldOut(1), maximum: 9, tokenDecoder: text)
        func run<Method: JudgedScoringMethod>(
            _ method: Method.Type, _ plan: Method.Plan
        ) async throws -> Score where Method.Tools == ScoringTools {
            try await method.run(plan, judge: judge, tokenDecoder: text, concurrency: 2)
        }
        let lists = try Detection.plan(subject, on: evidence, settings: JudgedSettings(method: .detection))
        let weighed = try Fuzzing.plan(
            subject, on: evidence, settings: JudgedSettings(method: .fuzzing, form: .logProbabilities))
        let simulated = try SimulationScorer.plan(subject, on: evidence, settings: SimulationSettings())
        let surprised = try SurprisalScorer.plan(subject, on: evidence, settings: SurprisalSettings())
        let intruded = try IntruderScorer.plan(
            subject, on: evidence, settings: IntruderSettings(form: .logProbabilities))
        return [
            (try await run(Detection.self, lists), lists.calls.count),
            (try await run(Fuzzing.self, weighed), weighed.questions.count),
            (try await run(SimulationScorer.self, simulated), simulated.asked.count),
            (try await run(SurprisalScorer.self, surprised), 2 * surprised.asked.count),
            (try await run(IntruderScorer.self, intruded), intruded.asked.count),
        ]
    }

    @Test func cachedTokensAreThoseOfAllCalls() async throws {
        for (score, calls) in try await Self.scores(by: RuleJudge(tokensCached: 3)) {
            #expect(calls > 10 && score.tokensCached == 3 * calls, "\(score.method)")
        }
    }

    @Test func aJudgeThatDoesNotSayLeavesThemUnknown() async throws {
        for (score, _) in try await Self.scores(by: RuleJudge()) {
            #expect(score.tokensCached == nil, "\(score.method)")
        }
    }

    @Test func anAnswerOfNoUseIsPaidForAndFails() async throws {
        let given = await GivenAnswers<Int>.asking([1, 2, 3], concurrency: 1) {
            (question, cost) async throws(InferenceError) -> Int in
            cost = CallCost(tokensIn: 10, tokensOut: 1, tokensCached: 4)
            if question == 2 { throw InferenceError(.badAnswer, "no number", tokensIn: 5, tokensOut: 2) }
            return question
        }
        #expect(given.answers == [1, nil, 3] && given.failures.map(\.kind) == [.badAnswer])
        #expect(given.cost == CallCost(tokensIn: 35, tokensOut: 5, tokensCached: 12))
        try given.check()
    }
}
