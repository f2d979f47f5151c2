public import Elements
public import Inference

/// Has a judge tell the windows of a latent from others by its explanation.
public enum JudgedScorer {
    /// Carries out a plan with at most `concurrency` calls under way.
    ///
    /// A verdict that cannot be read is asked for once more by itself; what is still missing is counted as failed and
    /// never scored. Throws `ScoringError` if the judge is not the one planned for, lacks log-probabilities, or gave too
    /// few verdicts for a score (kind `judgeFailed`).
    public static func run(
        _ plan: ScoringPlan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder, concurrency: Int
    ) async throws(ScoringError) -> JudgedOutcome {
        try plan.subject.check(judge)
        guard plan.settings.form == .list || judge.offersLogProbabilities else {
            throw ScoringError(
                .unsupported, "\(judge.name) gives no log-probabilities; ask it for lists (`answers: list`)")
        }
        guard plan.settings.stopping == nil || plan.settings.rule != .aboveMedian else {
            throw ScoringError(
                .unsupported, "verdicts above the set's median need the whole set: score without `stopping`")
        }
        guard plan.settings.stopping == nil || plan.tiers == nil else {
            throw ScoringError(
                .unsupported, "tiers of negatives need the whole set: score without `stopping`, or random ones alone")
        }
        let examination = JudgeSession(plan: plan, judge: judge, tokenDecoder: tokenDecoder)
        if let stopping = plan.settings.stopping {
            return try await sequential(examination, stopping: stopping)
        }
        let calls = Array((plan.calls + plan.tierCalls + plan.freshCalls + plan.calibrationCalls).enumerated())
        let answers = await mapConcurrently(calls, limit: concurrency) { call in
            await examination.answers(to: call.element, call: call.offset)
        }
        return try outcome(of: examination, answers: answers, monitor: nil)
    }

    /// One call after another until the answers are enough.
    private static func sequential(
        _ examination: JudgeSession, stopping: Stopping
    ) async throws(ScoringError) -> JudgedOutcome {
        let plan = examination.plan
        var monitor = SequentialMonitor(
            stopping, pairs: min(plan.questions.count(where: \.isPositive), plan.questions.count { !$0.isPositive }))
        var answers: [CallAnswers] = []
        for (call, range) in plan.calls.enumerated() {
            let given = await examination.answers(to: range, call: call)
            answers.append(given)
            for (question, verdict) in zip(plan.questions[range], examination.ruled(given.verdicts)) {
                guard let isYes = verdict.isYes else { continue }
                monitor.observe(isPositive: question.isPositive, isRight: isYes == question.isPositive)
            }
            if monitor.isEnough() { break }
        }
        return try outcome(of: examination, answers: answers, monitor: monitor)
    }

    private static func outcome(
        of examination: JudgeSession, answers: [CallAnswers], monitor: SequentialMonitor?
    ) throws(ScoringError) -> JudgedOutcome {
        let verdicts = examination.ruled(answers.flatMap(\.verdicts))
        AnswerCount.note?(verdicts.count, verdicts.compactMap(\.failure))
        let cost = answers.reduce(into: CallCost()) { $0.add($1.cost) }
        let tally = JudgedTally(plan: examination.plan, verdicts: verdicts, monitor: monitor)
        let questions = examination.plan.questions
        let loss = AnswerLoss(
            isPositive: questions.map(\.isPositive), answers: verdicts.prefix(questions.count).map(\.isYes))
        let outcome = JudgedOutcome(score: tally.score(cost: cost), verdicts: verdicts, loss: loss)
        if let insufficiency = outcome.insufficiency { throw insufficiency }
        return outcome
    }
}
