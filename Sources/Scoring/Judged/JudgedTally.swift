import Elements
import Hashing
import Statistics

/// Sums up the verdicts on one plan.
struct JudgedTally: Sendable {
    let plan: ScoringPlan
    let verdicts: [Verdict]
    /// What watched the answers, where it could stop before all were asked.
    var monitor: SequentialMonitor?

    func score(tokensIn: Int, tokensOut: Int, tokensCached: Int? = nil) -> Score {
        let answered = zip(plan.questions, verdicts).compactMap { question, verdict in
            verdict.isYes.map { (question: question, isYes: $0, verdict: verdict) }
        }
        let clustered = ClusteredVerdicts(
            isPositive: answered.map(\.question.isPositive), isYes: answered.map(\.isYes),
            calls: answered.map(\.verdict.call))
        var blocks: [Int: (yes: Int, count: Int)] = [:]
        for (question, isYes, _) in answered {
            if question.isPositive, let block = question.block {
                blocks[block, default: (0, 0)].count += 1
                if isYes { blocks[block, default: (0, 0)].yes += 1 }
            }
        }
        var details = plan.heldOut.details
        details["true_positive_rate"] = clustered.truePositiveRate
        details["true_negative_rate"] = clustered.trueNegativeRate
        details["precision"] = clustered.precision
        details["f1"] = clustered.f1
        for (block, counts) in blocks {
            details["true_positive_rate_block_\(block)"] = Wilson.interval(successes: counts.yes, of: counts.count)
        }
        let tiers = tiers
        for tier in tiers { details.merge(tier.details) { $1 } }
        if monitor == nil { details[CurrentEstimate.name] = current }
        details["marks_only"] = MarksOnly.estimate(of: plan.questions)
        details["auroc"] = area(of: answered.map(\.verdict), isPositive: answered.map(\.question.isPositive))
        var headline = clustered.balancedAccuracy
        if let monitor {
            details = details.filter { !Self.biasedByStopping($0.key) }
            headline = headline.flatMap { _ in monitor.estimates?.balancedAccuracy }
            details["true_positive_rate"] = monitor.estimates?.truePositiveRate
            details["true_negative_rate"] = monitor.estimates?.trueNegativeRate
            details["balanced_accuracy_of_all"] = monitor.estimates?.ofAll
        }
        return Score(
            job: plan.job, node: plan.node, method: plan.settings.method.rawValue, coder: plan.coder,
            latent: plan.latent, explanation: plan.explanation, explainedBy: plan.explainedBy, text: plan.text,
            headline: headline, details: details, judged: answered.count, failed: verdicts.count { $0.isYes == nil },
            tokensIn: tokensIn, tokensOut: tokensOut, tokensCached: tokensCached,
            sequential: monitor.map {
                SequentialAccount(
                    verdict: $0.verdict.rawValue, threshold: $0.threshold, asked: verdicts.count,
                    available: plan.questions.count)
            }, control: plan.control,
            // Answers that one stopped asking for because of what they were are no sample of documents.
            replicates: monitor == nil
                ? ScoreReplicates(
                    documents: answered.map(\.question.document), isPositive: answered.map(\.question.isPositive),
                    isYes: answered.map(\.isYes))?.adding(tiers) : nil)
    }

    /// Whether a figure is of answers that one stopped asking for because of what they were, without a correction for it.
    private static func biasedByStopping(_ name: String) -> Bool {
        ["precision", "f1", "auroc"].contains(name) || name.hasPrefix("true_positive_rate_block_")
    }

    /// The area under the ROC curve of the probabilities; `nil` where a verdict has none, or a class no verdict.
    ///
    /// Probabilities are asked for one question at a time, so that there is no call for them to have in common.
    private func area(of verdicts: [Verdict], isPositive: [Bool]) -> Estimate? {
        let known = verdicts.compactMap(\.probability)
        guard known.count == verdicts.count else { return nil }
        return AreaBootstrap(scores: known, isPositive: isPositive)
            .estimate(resamples: plan.settings.resamples, seed: plan.seed ^ plan.job.low)
    }
}
