package import Inference
package import Observability
package import Topology

/// What the calls to a model on a server are charged to.
package struct ModelAccount: Sendable {
    /// The name of the model in the topology.
    package let model: String
    package let prices: TokenPrices?
    package let book: BudgetLedger

    package init(model: String, prices: TokenPrices?, book: BudgetLedger) {
        self.model = model
        self.prices = prices
        self.book = book
    }
}

/// Counts the calls to a model and the tokens that they take, and refuses calls once the topology's budget is spent.
package struct ModelMeter: Sendable {
    /// The name of the model in the topology, as the metrics have it.
    package let name: String
    package let metrics: RunMetrics
    /// `nil` for a model in this process, which costs nothing.
    package let account: ModelAccount?

    /// Whether calls are refused because the budget is spent.
    package var hasSpentBudget: Bool { account?.book.isSpent ?? false }

    /// Throws kind `budgetSpent` if the budget is spent.
    package func checkBudget() throws(InferenceError) {
        guard hasSpentBudget else { return }
        throw Self.budgetSpent
    }

    /// What a call that the budget does not allow ends with.
    package static var budgetSpent: InferenceError {
        InferenceError(.budgetSpent, "the topology's `budget` is spent; start again with a larger one")
    }

    /// Makes a call, and counts it and its tokens, also those of an answer that was of no use.
    package func counted<Answer: TokenCounted, Failure: Error>(
        _ call: () async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        let start = ContinuousClock.now
        do {
            let answer = try await call()
            metrics.asked(model: name, outcome: "done", took: ContinuousClock.now - start)
            charge(answer.tokensIn, answer.tokensOut, cached: answer.tokensCached ?? 0, answer.billing)
            return answer
        } catch {
            metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
            let failure = error as? InferenceError
            metrics.failed(model: name, reason: failure?.shortDescription ?? "other")
            if let failure, failure.tokensIn > 0 || failure.tokensOut > 0 {
                charge(failure.tokensIn, failure.tokensOut, cached: 0, failure.billing)
            }
            throw error
        }
    }

    private func charge(_ tokensIn: Int, _ tokensOut: Int, cached: Int, _ billing: AnswerBilling) {
        guard billing != .already else { return }
        metrics.spent(model: name, tokensIn: tokensIn, tokensOut: tokensOut, cached: cached)
        guard let account else { return }
        let cost = account.book.charge(
            account.model, prices: account.prices, tokensIn: tokensIn, tokensOut: tokensOut, tokensCached: cached,
            isBatched: billing == .batched)
        if let cost { metrics.paid(model: name, cost: cost) }
        if let used = account.book.used { metrics.budget(used: used) }
    }
}
