import Hashing
import Inference
import Observability
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
    var readsTexts: Bool { judge.readsTexts }

    func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
        try await metered { () async throws(InferenceError) in
            let completion = try await judge.complete(prompt, maximumTokens: maximumTokens)
            return (completion, completion.tokensIn, completion.tokensOut, completion.tokensCached)
        }
    }

    func complete(
        _ prompt: Prompt, maximumTokens: Int, drawn sampling: AnswerSampling
    ) async throws(InferenceError) -> Completion {
        try await metered { () async throws(InferenceError) in
            let completion = try await judge.complete(prompt, maximumTokens: maximumTokens, drawn: sampling)
            return (completion, completion.tokensIn, completion.tokensOut, completion.tokensCached)
        }
    }

    func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
        -> AnswerLogProbabilities
    {
        try await metered { () async throws(InferenceError) in
            let likelihoods = try await judge.logProbabilities(of: answers, after: prompt)
            return (likelihoods, likelihoods.tokensIn, likelihoods.tokensOut, likelihoods.tokensCached)
        }
    }

    func logProbability(of text: String, after prefix: String) async throws(InferenceError) -> TextLogProbability {
        try await metered { () async throws(InferenceError) in
            let likelihood = try await judge.logProbability(of: text, after: prefix)
            return (likelihood, likelihood.tokensIn, likelihood.tokensOut, nil)
        }
    }

    func logProbabilities(
        of texts: [String], after prefix: String
    ) async throws(InferenceError) -> [TextLogProbability] {
        try await metered { () async throws(InferenceError) in
            let found = try await judge.logProbabilities(of: texts, after: prefix)
            return (found, found.reduce(0) { $0 + $1.tokensIn }, found.reduce(0) { $0 + $1.tokensOut }, nil)
        }
    }

    func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        try await metered { () async throws(InferenceError) in
            let likelihoods = try await judge.logProbabilities(of: alternatives, in: text)
            return (likelihoods, likelihoods.tokensIn, likelihoods.tokensOut, nil)
        }
    }

    /// Makes a call, unless the budget is spent, and counts it and the tokens that it gives beside its answer.
    private func metered<Answer>(
        _ call: () async throws(InferenceError) -> (Answer, tokensIn: Int, tokensOut: Int, tokensCached: Int?)
    ) async throws(InferenceError) -> Answer {
        try checkBudget()
        let start = ContinuousClock.now
        do {
            let (answer, tokensIn, tokensOut, tokensCached) = try await call()
            answered(from: start, tokensIn, tokensOut, cached: tokensCached)
            return answer
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
