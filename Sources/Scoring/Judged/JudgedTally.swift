import Elements
import Hashing

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
        var table = ConfusionTable()
        var blocks: [Int: (yes: Int, count: Int)] = [:]
        for (question, isYes, _) in answered {
            table.count(isPositive: question.isPositive, verdict: isYes)
            if question.isPositive, let block = question.block {
                blocks[block, default: (0, 0)].count += 1
                if isYes { blocks[block, default: (0, 0)].yes += 1 }
            }
        }
        var details = plan.heldOut.details
        details["true_positive_rate"] = table.truePositiveRate
        details["true_negative_rate"] = table.trueNegativeRate
        details["precision"] = table.precision
        for (block, counts) in blocks {
            details["true_positive_rate_block_\(block)"] = Wilson.interval(successes: counts.yes, of: counts.count)
        }
        let tiers = tiers
        for tier in tiers { details.merge(tier.details) { $1 } }
        if monitor == nil { details[CurrentEstimate.name] = current }
        details["marks_only"] = MarksOnly.estimate(of: plan.questions)
        if table.positives > 0, table.negatives > 0 {
            details.merge(
                bootstrapped(
                    isPositive: answered.map(\.question.isPositive), isYes: answered.map(\.isYes),
                    probabilities: answered.map(\.verdict.probability), calls: answered.map(\.verdict.call))
            ) { $1 }
        }
        var headline = ClusteredAccuracy.estimate(
            isPositive: answered.map(\.question.isPositive), isYes: answered.map(\.isYes),
            calls: answered.map(\.verdict.call))
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

    private func bootstrapped(
        isPositive: [Bool], isYes: [Bool], probabilities: [Double?], calls: [Int]
    ) -> [String: Estimate] {
        let bootstrap = Bootstrap(
            isPositive: isPositive, calls: calls, seed: plan.seed ^ plan.job.low, resamples: plan.settings.resamples)
        let ones = [Int](repeating: 1, count: isPositive.count)
        var statistics: [(String, @Sendable ([Int]) -> Double?)] = [
            ("f1", { Self.f1(isPositive: isPositive, isYes: isYes, weights: $0) })
        ]
        let known = probabilities.compactMap(\.self)
        if known.count == probabilities.count {
            let curve = RankCurve(scores: known, isPositive: isPositive)
            statistics.append(("auroc", { curve.area(weights: $0) }))
        }
        var details: [String: Estimate] = [:]
        for ((name, statistic), interval) in zip(statistics, bootstrap.intervals(of: statistics.map(\.1))) {
            guard let value = statistic(ones), let interval else { continue }
            details[name] = Estimate(
                value: value, lower: min(interval.lower, value), upper: max(interval.upper, value),
                count: isPositive.count)
        }
        return details
    }

    private static func f1(isPositive: [Bool], isYes: [Bool], weights: [Int]) -> Double? {
        var table = ConfusionTable()
        for index in isPositive.indices where index < weights.count {
            switch (isPositive[index], isYes[index]) {
            case (true, true): table.truePositives += weights[index]
            case (true, false): table.falseNegatives += weights[index]
            case (false, true): table.falsePositives += weights[index]
            case (false, false): table.trueNegatives += weights[index]
            }
        }
        return table.f1
    }
}
