import Elements
import Scoring
import Statistics

/// A method in the JSON of a report.
struct MethodFigures: Encodable {
    struct Control: Encodable {
        let latents: Int
        let mean: Double?
        let interval: [Double]?
        let note: String
    }

    struct Tier: Encodable {
        struct Control: Encodable {
            let latents: Int
            let mean: Double?
            let interval: [Double]?
        }

        let latents: Int
        let not_available: Int
        let mean: Double?
        let interval: [Double]?
        let resamples_documents: Bool
        let median: Double?
        let windows_per_latent: Double?
        let controls: [String: Control]

        init(_ summary: TierSummary) {
            latents = summary.latents
            not_available = summary.notAvailable
            mean = summary.mean?.value
            interval = summary.mean.map { [$0.lower, $0.upper] }
            resamples_documents = summary.resamplesDocuments
            median = summary.median
            windows_per_latent = summary.windowsPerLatent
            controls = Dictionary(
                summary.controls.map { name, latents, mean in
                    let interval = mean.map { [$0.lower, $0.upper] }
                    return (name, Control(latents: latents, mean: mean?.value, interval: interval))
                }
            ) { first, _ in first }
        }
    }

    struct Mean: Encodable {
        let mean: Double
        let interval: [Double]

        init(_ estimate: Estimate) {
            mean = estimate.value
            interval = [estimate.lower, estimate.upper]
        }
    }

    struct Strength: Encodable {
        let decile: Int
        let latents: Int
        let mean: Double
        let interval: [Double]
    }

    /// Tokens per latent, and those of the paper's Table 1.
    struct Cost: Encodable {
        let latents: Int
        let tokens_in: Double?
        let tokens_cached: Double?
        let tokens_out: Double?
        let paper_tokens_in: Int?
        let paper_tokens_cacheable: Int?
        let paper_tokens_out: Int?

        init(_ cost: ScoringCost) {
            latents = cost.explanations
            tokens_in = cost.perExplanation?.tokensIn
            tokens_cached = cost.perExplanation?.cached
            tokens_out = cost.perExplanation?.tokensOut
            paper_tokens_in = cost.paper?.tokensIn
            paper_tokens_cacheable = cost.paper?.cacheable
            paper_tokens_out = cost.paper?.tokensOut
        }
    }

    /// The result of not asking every question.
    struct Sequential: Encodable {
        let verdicts: [String: Int]
        let asked: Int
        let available: Int
        let settled: [String: Int]
        let value_is = "corrected for stopping at a verdict, not for stopping at a width"

        init(_ cost: ScoringCost) {
            verdicts = cost.verdicts
            asked = cost.asked
            available = cost.available
            settled = cost.settled
        }
    }

    /// Which way a judge leans.
    struct Judge: Encodable {
        let true_positive_rate: Mean
        let true_negative_rate: Mean
        let share_of_yes: Double
        let biased: Bool

        init(_ leaning: JudgeLeaning) {
            true_positive_rate = Mean(leaning.truePositiveRate)
            true_negative_rate = Mean(leaning.trueNegativeRate)
            share_of_yes = leaning.shareOfYes
            biased = leaning.isBiased
        }
    }

    /// The balanced accuracy at fitted thresholds.
    struct Calibrated: Encodable {
        let mean: Double
        let interval: [Double]
        let true_positive_rate: Double
        let true_negative_rate: Double
        let shuffled: Mean?
        let at_half: Mean?
        let threshold: Double
        let answers: Int
        let explanations: Int
        let epoch: UInt64?

        init(_ summary: CalibratedSummary) {
            mean = summary.mean.value
            interval = [summary.mean.lower, summary.mean.upper]
            true_positive_rate = summary.truePositiveRate
            true_negative_rate = summary.trueNegativeRate
            shuffled = summary.shuffled.map(Mean.init)
            at_half = summary.uncalibrated.map(Mean.init)
            threshold = summary.threshold
            answers = summary.answers
            explanations = summary.explanations
            epoch = summary.epoch
        }
    }

    struct Decile: Encodable {
        let decile: Int
        let upper_rate: Double
        let mean: Double
        let interval: [Double]
    }

    let node: String
    let method: String
    let explained_by: String
    let latents: Int
    let mean: Double?
    let interval: [Double]?
    let interval_rests_on: String
    let micro: Mean?
    let firing_weighted: Mean?
    let lower_quartile: Double?
    let median: Double?
    let upper_quartile: Double?
    let unavailable: Int
    let failed: Int
    let tokens_per_latent: Double?
    let cost: Cost
    let sequential: Sequential?
    let current: CurrentFigures?
    let by_firing_rate: [Decile]
    let by_strength: [Strength]
    let held_out: HeldOutSummary?
    let judge: Judge?
    let calibrated: Calibrated?
    /// Only if it is not the method's usual one.
    let figure: String?
    let negatives: [String: Tier]
    let controls: [String: Control]

    init(_ summary: ScoreSummary) {
        node = summary.node
        method = summary.method
        explained_by = summary.explainedBy
        latents = summary.scores.count
        mean = summary.mean
        interval = summary.means.map { [$0.macro.lower, $0.macro.upper] }
        interval_rests_on = summary.intervalBasis
        micro = summary.means.map { Mean($0.micro) }
        firing_weighted = summary.means?.firingWeighted.map(Mean.init)
        lower_quartile = summary.quartiles?.lower
        median = summary.quartiles?.median
        upper_quartile = summary.quartiles?.upper
        unavailable = summary.unavailable
        failed = summary.failedVerdicts
        tokens_per_latent = summary.tokensPerLatent
        cost = Cost(summary.cost)
        sequential = summary.cost.verdicts.isEmpty ? nil : Sequential(summary.cost)
        current = CurrentFigures(summary)
        by_firing_rate = RateDecile.all(of: summary).map {
            Decile(
                decile: $0.decile, upper_rate: $0.upperRate, mean: $0.mean.value,
                interval: [$0.mean.lower, $0.mean.upper])
        }
        by_strength = StrengthDecile.all(of: summary).map {
            Strength(
                decile: $0.decile, latents: $0.mean.count, mean: $0.mean.value,
                interval: [$0.mean.lower, $0.mean.upper])
        }
        held_out = summary.heldOut
        judge = summary.leaning.map(Judge.init)
        calibrated = summary.calibrated.map(Calibrated.init)
        figure = summary.areAreas ? "auroc" : nil
        negatives = Dictionary(summary.tiers.map { ($0.tier.rawValue, Tier($0)) }) { first, _ in first }
        controls = Dictionary(
            summary.controls.map { control in
                let interval = control.mean.map { [$0.lower, $0.upper] }
                return (
                    control.name,
                    Control(
                        latents: control.latents, mean: control.mean?.value, interval: interval, note: control.note)
                )
            }
        ) { first, _ in first }
    }

    /// The figures of each method by its name.
    ///
    /// If a method was used by several nodes or on several explainers, the summary over the most latents has the
    /// method's name and each other one `method/node/explainer`. Random coders are controls and have no entry.
    static func byName(_ summaries: [ScoreSummary]) -> [String: MethodFigures] {
        var figures: [String: MethodFigures] = [:]
        let methods = Dictionary(grouping: summaries.filter { !$0.isOfRandomCoder }, by: \.method)
        for (method, group) in methods {
            let widest = group.indices.max {
                (group[$0].scores.count, $1) < (group[$1].scores.count, $0)
            }
            for (index, summary) in group.enumerated() {
                let name = index == widest ? method : "\(method)/\(summary.node)/\(summary.explainedBy)"
                figures[name] = MethodFigures(summary)
            }
        }
        return figures
    }
}

/// The agreement of two scorers in the JSON of a report.
struct CorrelationFigures: Encodable {
    let latents: Int
    let same_explanations: Bool
    let spearman: Double?
    let pearson: Double?

    static func byName(_ comparisons: [ScorerComparison]) -> [String: CorrelationFigures] {
        Dictionary(
            comparisons.map { pair in
                (
                    "\(pair.scorers.0) ~ \(pair.scorers.1)",
                    CorrelationFigures(
                        latents: pair.latents, same_explanations: pair.isOfSameExplanations, spearman: pair.spearman,
                        pearson: pair.pearson)
                )
            }
        ) { first, _ in first }
    }
}
