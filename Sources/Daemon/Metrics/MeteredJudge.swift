import Hashing
import Inference
import Topology

/// What a judge behind a server is charged to.
struct JudgeAccount: Sendable {
    /// The name of its model in the topology.
    let model: String
    let prices: TokenPrices?
    let book: SpendBook
}

/// A judge whose calls are counted, and refused once the topology's budget is spent.
struct MeteredJudge: Judge {
    let judge: any Judge
    let metrics: RunMetrics
    /// `nil` for a model in this process, which costs nothing.
    var account: JudgeAccount?

    /// Whether calls are refused because the budget is spent.
    var isSpent: Bool { account?.book.isSpent ?? false }

    var name: String { judge.name }
    var digest: Hash128 { judge.digest }
    var offersLogProbabilities: Bool { judge.offersLogProbabilities }
    var prefersLogProbabilities: Bool { judge.prefersLogProbabilities }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try checkBudget()
        let start = ContinuousClock.now
        do {
            let completion = try await judge.complete(prompt, maximumTokens: maximumTokens)
            answered(from: start, completion.tokensIn, completion.tokensOut, cached: completion.tokensCached)
            return completion
        } catch {
            failed(from: start, error)
            throw error
        }
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        try checkBudget()
        let start = ContinuousClock.now
        do {
            let likelihoods = try await judge.logProbabilities(of: answers, after: prompt)
            answered(from: start, likelihoods.tokensIn, likelihoods.tokensOut, cached: likelihoods.tokensCached)
            return likelihoods
        } catch {
            failed(from: start, error)
            throw error
        }
    }

    private func checkBudget() throws(InferenceError) {
        guard isSpent else { return }
        throw InferenceError(.budgetSpent, "the topology's `budget` is spent; start again with a larger one")
    }

    private func failed(from start: ContinuousClock.Instant, _ error: InferenceError) {
        metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
        // An answer of no use has been paid for as well.
        if error.tokensIn > 0 || error.tokensOut > 0 { charge(error.tokensIn, error.tokensOut, cached: 0) }
    }

    private func answered(
        from start: ContinuousClock.Instant, _ tokensIn: Int, _ tokensOut: Int, cached: Int?
    ) {
        metrics.asked(model: name, outcome: "done", took: ContinuousClock.now - start)
        charge(tokensIn, tokensOut, cached: cached ?? 0)
    }

    private func charge(_ tokensIn: Int, _ tokensOut: Int, cached: Int) {
        metrics.spent(model: name, tokensIn: tokensIn, tokensOut: tokensOut, cached: cached)
        guard let account else { return }
        account.book.charge(
            account.model, prices: account.prices, tokensIn: tokensIn, tokensOut: tokensOut, tokensCached: cached)
    }
}

extension Judge {
    /// Whether calls are refused because the topology's budget is spent.
    var hasSpentBudget: Bool { (self as? MeteredJudge)?.isSpent ?? false }
}
