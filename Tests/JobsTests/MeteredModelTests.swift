import Hashing
import Inference
import Observability
import Scoring
import StateFixtures
import StateNotes
import Synchronization
import Testing
import Topology

@testable import Jobs

@Suite struct MeteredModelTests {
    /// A judge that answers the first call and fails the second.
    private struct Moody: LanguageModelClient {
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
        let judge = MeteredModel(judge: Moody(), label: "judge", metrics: metrics)
        let prompt = Prompt(messages: [.user("?")])
        _ = try await judge.complete(prompt, maximumTokens: 4)
        await #expect(throws: InferenceError.self) { _ = try await judge.logProbabilities(of: ["a"], after: prompt) }
        let text = metrics.render(timers: [])
        #expect(text.contains("gloss_llm_requests_total{model=\"judge\",outcome=\"done\"} 1\n"))
        #expect(text.contains("gloss_llm_requests_total{model=\"judge\",outcome=\"failed\"} 1\n"))
        #expect(text.contains("gloss_llm_tokens_total{direction=\"in\",model=\"judge\"} 40\n"))
        #expect(text.contains("gloss_llm_request_duration_seconds_count{model=\"judge\"} 2\n"))
        #expect(text.contains("gloss_llm_failures_total{model=\"judge\",reason=\"unsupported\"} 1\n"))
        // The metrics call a model as the topology does, results as it calls itself.
        #expect(judge.name == "moody")
    }

    /// An embedder whose second answer is of no use, although it is paid for.
    private final class Failing: TextEmbedder {
        let name = "failing"
        let digest = Fixture.hash(2)
        let calls = Mutex(0)

        func embed(_ texts: [String]) async throws -> [TextEmbedding] {
            let call = calls.withLock { calls -> Int in
                calls += 1
                return calls
            }
            if call == 2 { throw InferenceError(.badAnswer, "no vectors", tokensIn: 30) }
            return texts.map { _ in TextEmbedding(vector: [1], tokens: 20) }
        }
    }

    @Test func anEmbeddersFailedAnswersAreChargedAndItIsNotAskedOnceTheBudgetIsSpent() async throws {
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "tiny", digest: "ab")
        let book = BudgetLedger(budget: Budget(tokens: 70, cost: nil))
        let failing = Failing()
        let embedder = MeteredModel(
            embedder: failing, label: "encoder", metrics: metrics,
            account: ModelAccount(model: "encoder", prices: TokenPrices(input: 2, output: 0, cached: 0), book: book))
        #expect(try await embedder.embed([]).isEmpty && failing.calls.withLock { $0 } == 0)
        #expect(try await embedder.embed(["a", "b"]).count == 2)
        var kinds: [InferenceError.Kind?] = []
        for _ in 0..<2 {
            do {
                _ = try await embedder.embed(["c"])
                kinds.append(nil)
            } catch {
                kinds.append((error as? InferenceError)?.kind)
            }
        }
        #expect(kinds == [.badAnswer, .budgetSpent] && failing.calls.withLock { $0 } == 2)
        let spend = try #require(book.models["encoder"])
        #expect(spend.calls == 2 && spend.tokensIn == 70 && abs((spend.cost ?? 0) - 1.4e-4) < 1e-12)
        let text = metrics.render(timers: [])
        #expect(text.contains("gloss_llm_requests_total{model=\"encoder\",outcome=\"done\"} 1\n"))
        #expect(text.contains("gloss_llm_requests_total{model=\"encoder\",outcome=\"failed\"} 1\n"))
        #expect(text.contains("gloss_llm_tokens_total{direction=\"in\",model=\"encoder\"} 70\n"))
        // 40 and 30 tokens at 2 a million, and a budget of 70 tokens.
        #expect(text.contains("gloss_llm_failures_total{model=\"encoder\",reason=\"bad-answer\"} 1\n"))
        let page = try PrometheusPage(text)
        let cost = try #require(page["gloss_llm_cost_total"]?.value(["model": "encoder"]))
        #expect(abs(cost - 1.4e-4) < 1e-12)
        #expect(page["gloss_budget_used_ratio"]?.value() == 1)
    }

    /// A judge around another, as one that keeps answers or counts them would be.
    private struct Wrapped: LanguageModelClient {
        let judge: any LanguageModelClient
        var name: String { judge.name }
        var digest: Hash128 { judge.digest }
        var offersLogProbabilities: Bool { judge.offersLogProbabilities }
        var hasSpentBudget: Bool { judge.hasSpentBudget }

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            try await judge.complete(prompt, maximumTokens: maximumTokens)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            try await judge.logProbabilities(of: answers, after: prompt)
        }
    }

    @Test func aSpentBudgetIsSeenThroughAJudgeAroundTheMeter() {
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "tiny", digest: "ab")
        func judge(tokens: Int) -> any LanguageModelClient {
            let book = BudgetLedger(budget: Budget(tokens: tokens, cost: nil))
            return Wrapped(
                judge: MeteredModel(
                    judge: Moody(), label: "moody", metrics: metrics,
                    account: ModelAccount(model: "moody", prices: nil, book: book)))
        }
        #expect(judge(tokens: 0).hasSpentBudget && !judge(tokens: 1).hasSpentBudget)
        #expect(!Wrapped(judge: Moody()).hasSpentBudget)
    }
}
