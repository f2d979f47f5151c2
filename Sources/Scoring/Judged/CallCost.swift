import Inference

/// What the calls of a plan cost, and which of them failed.
struct CallCost: Sendable {
    /// Calls that were to be made.
    var calls = 0
    var tokensIn = 0
    var tokensOut = 0
    var failures: [InferenceError] = []

    mutating func add(_ other: CallCost) {
        calls += other.calls
        tokensIn += other.tokensIn
        tokensOut += other.tokensOut
        failures += other.failures
    }

    /// Throws kind `judgeFailed` where the answers that came make no score: none came, the work was called off, the budget is spent, or
    /// more than a tenth are missing because the judge could not be reached.
    func check() throws(ScoringError) {
        let mendable = failures.filter { $0.isRetriable || $0.kind == .cancelled }
        let isCutOff = failures.contains { $0.kind == .cancelled || $0.kind == .budgetSpent }
        guard failures.count >= calls || isCutOff || mendable.count * 10 > calls else { return }
        let reason = (mendable.first ?? failures.first).map { "; the first failure: \($0)" } ?? ""
        throw ScoringError(
            .judgeFailed, "\(calls - failures.count) of \(calls) answers came\(reason)", isRetriable: !mendable.isEmpty)
    }

    /// The answers to some questions in their order, `nil` for each that failed, and what they cost.
    ///
    /// A judge that is out of reach is not asked on; at most `concurrency` calls are under way.
    static func asking<Question: Sendable, Answer: Sendable>(
        _ questions: [Question], concurrency: Int,
        _ ask: @escaping @Sendable (Question, inout CallCost) async throws(InferenceError) -> Answer
    ) async -> (answers: [Answer?], cost: CallCost) {
        let reach = JudgeReach()
        let results = await mapConcurrently(questions, limit: concurrency) { question -> (Answer?, CallCost) in
            var cost = CallCost(calls: 1)
            if let loss = reach.loss {
                cost.failures = [loss]
                return (nil, cost)
            }
            do throws(InferenceError) {
                let answer = try await ask(question, &cost)
                reach.note(nil)
                return (answer, cost)
            } catch {
                reach.note(error)
                cost.failures = [error]
                // An answer of no use has been paid for as well.
                cost.tokensIn += error.tokensIn
                cost.tokensOut += error.tokensOut
                return (nil, cost)
            }
        }
        var cost = CallCost()
        for result in results { cost.add(result.1) }
        return (results.map(\.0), cost)
    }
}
