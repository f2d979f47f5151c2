import Hashing
import Inference

/// A judge whose calls are counted.
struct MeteredJudge: Judge {
    let judge: any Judge
    let metrics: RunMetrics

    var name: String { judge.name }
    var digest: Hash128 { judge.digest }
    var offersLogProbabilities: Bool { judge.offersLogProbabilities }
    var prefersLogProbabilities: Bool { judge.prefersLogProbabilities }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        let start = ContinuousClock.now
        do {
            let completion = try await judge.complete(prompt, maximumTokens: maximumTokens)
            answered(from: start, completion.tokensIn, completion.tokensOut)
            return completion
        } catch {
            metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
            throw error
        }
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        let start = ContinuousClock.now
        do {
            let likelihoods = try await judge.logProbabilities(of: answers, after: prompt)
            answered(from: start, likelihoods.tokensIn, likelihoods.tokensOut)
            return likelihoods
        } catch {
            metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
            throw error
        }
    }

    private func answered(from start: ContinuousClock.Instant, _ tokensIn: Int, _ tokensOut: Int) {
        metrics.asked(model: name, outcome: "done", took: ContinuousClock.now - start)
        metrics.spent(model: name, tokensIn: tokensIn, tokensOut: tokensOut)
    }
}
