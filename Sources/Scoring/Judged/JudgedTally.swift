import Elements
import Foundation
import Hashing
import Statistics

/// Sums up the verdicts on one plan.
struct JudgedTally: Sendable {
    let plan: ScoringPlan
    let verdicts: [Verdict]
    /// The monitor of the answers, if it could stop before all were asked.
    var monitor: SequentialMonitor?

    func score(cost: CallCost) -> Score {
        let answered = answered(plan.questions, from: 0)
        let clustered = ClusteredVerdicts(answered)
        let tiers = tiers(besides: answered)
        var details = details(of: answered, clustered)
        for tier in tiers { details.merge(tier.details) { $1 } }
        var headline = figure(of: answered)
        if let monitor {
            details = details.filter { !Self.biasedByStopping($0.key) }
            headline = headline.flatMap { _ in monitor.estimates?.balancedAccuracy }
            details["true_positive_rate"] = monitor.estimates?.truePositiveRate
            details["true_negative_rate"] = monitor.estimates?.trueNegativeRate
            details["balanced_accuracy_of_all"] = monitor.estimates?.ofAll
        }
        var score = plan.score(
            method: plan.settings.method.type.name, headline: headline, details: details, judged: answered.count,
            failed: verdicts.count { $0.isYes == nil }, cost: cost)
        score.sequential = monitor.map {
            SequentialAccount(
                verdict: $0.verdict.rawValue, threshold: $0.threshold, asked: verdicts.count,
                available: plan.questions.count)
        }
        // Answers that one stopped asking for because of what they were are no sample of documents.
        if monitor == nil {
            score.replicates = replicates(of: answered)?.adding(tiers)
            score.logits = logits(of: answered)
        }
        return score
    }

    /// The headline's figure of some verdicts: the area, or the balanced accuracy under the plan's rule; `nil` if a class has
    /// none.
    func figure(of answered: [Answered]) -> Estimate? {
        plan.settings.figure == .area ? area(of: answered) : ClusteredVerdicts(answered).balancedAccuracy
    }

    /// That figure on resampled documents; `nil` if a document is not known.
    func replicates(of answered: [Answered]) -> ScoreReplicates? {
        guard plan.settings.figure == .area else { return ScoreReplicates(answered) }
        return ScoreReplicates(
            documents: answered.map(\.question.document), scores: answered.compactMap(\.verdict.probability),
            isPositive: answered.map(\.question.isPositive))
    }

    /// The log-odds of the verdicts of both sides; `nil` if the judge gave no probabilities.
    private func logits(of answered: [Answered]) -> YesLogits? {
        func logits(_ answered: [Answered], _ isPositive: Bool) -> [Double] {
            answered.filter { $0.question.isPositive == isPositive }.compactMap(\.verdict.probability)
                .map { log($0 / (1 - $0)) }
        }
        guard answered.contains(where: { $0.verdict.probability != nil }) else { return nil }
        let train = self.answered(plan.calibration ?? [], from: plan.freshQuestions.upperBound)
        return YesLogits(
            positives: logits(answered, true), negatives: logits(answered, false),
            trainPositives: logits(train, true), trainNegatives: logits(train, false))
    }

    /// A question that got a verdict.
    struct Answered {
        let question: Question
        let isYes: Bool
        let verdict: Verdict
    }

    /// The questions that got a verdict; `start` is where the first one's stands.
    func answered(_ questions: [Question], from start: Int) -> [Answered] {
        zip(questions, verdicts.dropFirst(start)).compactMap { question, verdict in
            verdict.isYes.map { Answered(question: question, isYes: $0, verdict: verdict) }
        }
    }

    /// The figures besides the headline, but for those of tiers.
    private func details(of answered: [Answered], _ clustered: ClusteredVerdicts) -> [String: Estimate] {
        var details = plan.subject.heldOut.details
        details["true_positive_rate"] = clustered.truePositiveRate
        details["true_negative_rate"] = clustered.trueNegativeRate
        details["precision"] = clustered.precision
        details["f1"] = clustered.f1
        var blocks: [Int: (yes: Int, count: Int)] = [:]
        for answer in answered where answer.question.isPositive {
            guard let block = answer.question.block else { continue }
            blocks[block, default: (0, 0)].count += 1
            if answer.isYes { blocks[block, default: (0, 0)].yes += 1 }
        }
        for (block, counts) in blocks {
            details["true_positive_rate_block_\(block)"] = Wilson.interval(successes: counts.yes, of: counts.count)
        }
        if monitor == nil { details[CurrentEstimate.name] = current(answered, clustered) }
        details["marks_only"] = MarksOnly.estimate(of: plan.questions)
        details["auroc"] = area(of: answered)
        if plan.settings.figure == .area { details[Score.uncalibratedName] = clustered.balancedAccuracy }
        return details
    }

    /// Whether a figure is of answers that one stopped asking for because of what they were, without a correction for it.
    private static func biasedByStopping(_ name: String) -> Bool {
        ["precision", "f1", "auroc"].contains(name) || name.hasPrefix("true_positive_rate_block_")
    }

    /// The area under the ROC curve of the probabilities; `nil` if a verdict has none, or a class no verdict.
    ///
    /// Probabilities are asked for one question at a time, so that there is no call for them to have in common.
    private func area(of answered: [Answered]) -> Estimate? {
        let known = answered.compactMap(\.verdict.probability)
        guard known.count == answered.count else { return nil }
        return AreaBootstrap(scores: known, isPositive: answered.map(\.question.isPositive))
            .estimate(resamples: plan.settings.resamples, seed: areaSeed)
    }

    /// The seed of resamples of areas.
    var areaSeed: UInt64 { plan.subject.seed ^ plan.job.low }
}

extension ClusteredVerdicts {
    /// The verdicts on some questions.
    init(_ answered: [JudgedTally.Answered]) {
        self.init(
            isPositive: answered.map(\.question.isPositive), isYes: answered.map(\.isYes),
            calls: answered.map(\.verdict.call))
    }
}

extension ScoreReplicates {
    /// The rates of right verdicts by class on resampled documents; `nil` if a document is not known.
    init?(_ answered: [JudgedTally.Answered]) {
        self.init(
            documents: answered.map(\.question.document), isPositive: answered.map(\.question.isPositive),
            isYes: answered.map(\.isYes))
    }
}
