package import Elements
import Examples
import Hashing
import Inference
import Statistics

/// By how much an explanation makes windows in which the latent fires less surprising than others.
///
/// Source: Paulo et al., arXiv 2410.13928, section 3 (surprisal scoring).
public enum SurprisalScorer: JudgedScoringMethod {
    package static let name = "surprisal"
    package static let scale = MethodScale.area
    package static let needs = ModelNeeds.textProbabilities

    package static func plan(
        _ subject: PlanSubject, on evidence: PlanEvidence, settings: SurprisalSettings
    ) throws(ScoringError) -> SurprisalPlan {
        try SurprisalPlan(subject: subject, heldOut: evidence.heldOut, settings: settings)
    }

    /// The area under the ROC curve of `I(x) = log p(x | explanation) - log p(x | nothing)`, summed over every token of a
    /// window; 0.5 is chance.
    ///
    /// At most `tools.concurrency` windows are asked about at a time. Throws `ScoringError` if the judge is not the one planned
    /// for, cannot read texts, or gave too few answers (kind `judgeFailed`).
    package static func run(_ plan: SurprisalPlan, with tools: ScoringTools) async throws(ScoringError) -> Score {
        let (judge, tokenDecoder) = (tools.judge, tools.tokenDecoder)
        try plan.subject.check(judge)
        try plan.subject.checkReading(judge, for: name)
        let prefixes = [plan.subject.text, SurprisalPrompt.nothing].map(SurprisalPrompt.prefix)
        // All windows after one prefix and then all after the other, so that a judge computes each once.
        let questions = prefixes.flatMap { prefix in
            plan.asked.map { (prefix, SubjectText.line(of: $0.tokens, tokenDecoder: tokenDecoder)) }
        }
        let given = await GivenAnswers.asking(questions, concurrency: tools.concurrency) {
            (question, cost) async throws(InferenceError) -> Double in
            let answer = try await judge.logProbability(of: question.1, after: question.0)
            cost = CallCost(answer)
            guard answer.value.isFinite else {
                throw InferenceError(.badAnswer, "a window's log-probability is not a finite number")
            }
            return answer.value
        }
        try given.check()
        let information = zip(given.answers.prefix(plan.asked.count), given.answers.suffix(plan.asked.count)).map {
            explained, plain -> Double? in
            guard let explained, let plain else { return nil }
            return explained - plain
        }
        // A window is told of by two answers.
        let missing = information.prefix(plan.questions.count).map { $0 == nil }
        try given.check(AnswerLoss(isPositive: plan.questions.map(\.isPositive), missing: missing))
        return score(plan, information: information, cost: given.cost)
    }

    /// The score of what the explanation tells of each of the plan's `asked` in nats, `nil` if that is not known.
    static func score(_ plan: SurprisalPlan, information: [Double?], cost: CallCost) -> Score {
        let known = zip(plan.questions, information).compactMap { question, value in value.map { (question, $0) } }
        let seed = plan.subject.seed ^ plan.job.low
        func area(where takes: (Question) -> Bool) -> Estimate? {
            let taken = known.filter { takes($0.0) }
            return AreaBootstrap(scores: taken.map(\.1), isPositive: taken.map(\.0.isPositive))
                .estimate(resamples: plan.settings.resamples, seed: seed)
        }
        let headline = area { _ in true }
        var details = plan.subject.heldOut.details
        details["auroc"] = headline
        for block in Set(known.compactMap(\.0.block)).sorted() {
            details["auroc_block_\(block)"] = area { !$0.isPositive || $0.block == block }
        }
        details[CurrentEstimate.name] = current(plan, information: information, seed: seed)
        var score = plan.score(
            method: name, headline: headline, details: details, judged: known.count,
            failed: information.count { $0 == nil }, cost: cost)
        score.replicates = ScoreReplicates(
            documents: known.map(\.0.document), scores: known.map(\.1), isPositive: known.map(\.0.isPositive))
        return score
    }

    /// The current area, as `CurrentEstimate` has it; `nil` if no window is recent.
    private static func current(_ plan: SurprisalPlan, information: [Double?], seed: UInt64) -> Estimate? {
        guard let fresh = plan.fresh else { return nil }
        let recent = Set(fresh.recent + fresh.questions.map(\.identity))
        let known = zip(plan.asked, information).compactMap { question, value in value.map { (question, $0) } }
        return CurrentEstimate.area(
            scores: known.map(\.1), isPositive: known.map(\.0.isPositive),
            isRecent: known.map { $0.0.isPositive && recent.contains($0.0.identity) },
            resamples: plan.settings.resamples, seed: seed)
    }
}
