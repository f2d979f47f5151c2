import Inference

/// The answers to some questions, what they cost, and which failed.
struct GivenAnswers<Answer: Sendable>: Sendable {
    /// `[questions]`: the answers in the order of the questions, `nil` for each that failed.
    let answers: [Answer?]
    /// The cost of the calls.
    let cost: CallCost
    /// Why answers are missing.
    let failures: [InferenceError]

    /// Asks questions; a judge that is out of reach is not asked on.
    ///
    /// At most `concurrency` calls are under way. `ask` notes what its call cost: an answer of no use has been paid for, too.
    static func asking<Question: Sendable>(
        _ questions: [Question], concurrency: Int,
        _ ask: @escaping @Sendable (Question, inout CallCost) async throws(InferenceError) -> Answer
    ) async -> GivenAnswers {
        let reach = JudgeReach()
        let calls = await mapConcurrently(questions, limit: concurrency) { question in
            await Call(question, reach: reach, ask)
        }
        var cost = CallCost()
        for call in calls { cost.add(call.cost) }
        let failures = calls.compactMap(\.failure)
        AnswerCount.note?(calls.count, failures)
        return GivenAnswers(answers: calls.map(\.answer), cost: cost, failures: failures)
    }

    private struct Call: Sendable {
        var answer: Answer?
        var cost = CallCost()
        var failure: InferenceError?

        init<Question: Sendable>(
            _ question: Question, reach: JudgeReach,
            _ ask: @Sendable (Question, inout CallCost) async throws(InferenceError) -> Answer
        ) async {
            if let loss = reach.loss {
                failure = loss
                return
            }
            do throws(InferenceError) {
                answer = try await ask(question, &cost)
                reach.note(nil)
            } catch {
                reach.note(error)
                failure = error
                cost.add(CallCost(error))
            }
        }
    }

    /// Throws kind `judgeFailed` if the answers that came make no score: none came, the work was called off, the budget is
    /// spent, more than a tenth are missing because the judge could not be reached, or more than a third for any reason.
    func check() throws(ScoringError) {
        try check(AnswerLoss(missing: failures.count, of: answers.count))
    }

    /// The same by what is told of the answers that are missing.
    func check(_ loss: AnswerLoss) throws(ScoringError) {
        let mendable = failures.filter(\.isMendable)
        let isCutOff = failures.contains { $0.kind == .cancelled || $0.kind == .budgetSpent }
        guard failures.count >= answers.count || isCutOff || mendable.count * 10 > answers.count || loss.reason != nil
        else { return }
        let why = loss.reason.flatMap { failures.count < answers.count ? "; \($0)" : nil } ?? ""
        let reason = why + ((mendable.first ?? failures.first).map { "; the first failure: \($0)" } ?? "")
        throw ScoringError(
            .judgeFailed, "\(answers.count - failures.count) of \(answers.count) answers came\(reason)",
            isRetriable: !mendable.isEmpty)
    }
}
