import Hashing
import Inference
import Observability
import StateFixtures
import Testing

@testable import Daemon

@Suite struct MeteredJudgeTests {
    /// A judge that answers the first call and fails the second.
    private struct Moody: Judge {
        let name = "moody"
        let digest = Fixture.hash(1)
        let offersLogProbabilities = true

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            Completion(text: "x", tokensIn: 40, tokensOut: 2)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "no")
        }
    }

    @Test func callsToAJudgeAreCountedWithTheirTokens() async throws {
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "tiny", digest: "ab")
        let judge = MeteredJudge(judge: Moody(), metrics: metrics)
        let prompt = Prompt(messages: [.user("?")])
        _ = try await judge.complete(prompt, maximumTokens: 4)
        await #expect(throws: InferenceError.self) { _ = try await judge.logProbabilities(of: ["a"], after: prompt) }
        let text = metrics.render(timers: [])
        #expect(text.contains("gloss_llm_requests_total{model=\"moody\",outcome=\"done\"} 1\n"))
        #expect(text.contains("gloss_llm_requests_total{model=\"moody\",outcome=\"failed\"} 1\n"))
        #expect(text.contains("gloss_llm_tokens_total{direction=\"in\",model=\"moody\"} 40\n"))
        #expect(text.contains("gloss_llm_request_duration_seconds_count{model=\"moody\"} 2\n"))
    }
}
