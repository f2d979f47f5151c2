public import Elements
public import Inference

/// Has a judge tell the windows of a latent from others by its explanation.
public enum JudgedScorer {
    /// Carries out a plan with at most `concurrency` calls under way.
    ///
    /// A verdict that cannot be read is asked for once more by itself; what is still missing is counted as failed and
    /// never scored. Throws `ScoringError` where the judge is not the one planned for, lacks log-probabilities, or gave too
    /// few verdicts for a score (kind `judgeFailed`).
    public static func run(
        _ plan: ScoringPlan, judge: any Judge, text: any TokenText, concurrency: Int
    ) async throws(ScoringError) -> JudgedOutcome {
        guard judge.digest == plan.judgeDigest else {
            throw ScoringError(
                .modelChanged, "planned for \(plan.judge) (\(plan.judgeDigest)), but \(judge.name) is at hand")
        }
        guard plan.settings.form == .list || judge.offersLogProbabilities else {
            throw ScoringError(
                .unsupported, "\(judge.name) gives no log-probabilities; ask it for lists (`answers: list`)")
        }
        let examination = Examination(plan: plan, judge: judge, text: text)
        let calls = Array(plan.calls.enumerated())
        let answers = await mapConcurrently(calls, limit: concurrency) { call in
            await examination.answers(to: call.element, call: call.offset)
        }
        let verdicts = examination.ruled(answers.flatMap(\.verdicts))
        let tokensIn = answers.reduce(0) { $0 + $1.tokensIn }
        let tokensOut = answers.reduce(0) { $0 + $1.tokensOut }
        let outcome = JudgedOutcome(
            score: JudgedTally(plan: plan, verdicts: verdicts).score(tokensIn: tokensIn, tokensOut: tokensOut),
            verdicts: verdicts)
        if let insufficiency = outcome.insufficiency { throw insufficiency }
        return outcome
    }
}
