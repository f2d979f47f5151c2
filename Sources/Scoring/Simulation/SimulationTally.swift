import Elements
import Hashing
import Statistics

/// Compares the predictions of one plan with the truth.
struct SimulationTally: Sendable {
    let plan: SimulationPlan
    /// `[asked windows]`: the predictions of each token, from 0 to 10; `nil` for a window without an answer and a token without a value.
    let predictions: [[Double?]?]

    func score(cost: CallCost) -> Score {
        let asked = correlated()
        let windows = Array(asked.prefix(plan.windows.count))
        let all = plan.asked.reduce(0) { $0 + $1.tokens.count }
        let judged = windows.reduce(0) { $0 + $1.pairs.count }
        let correlation = ClusteredCorrelation(windows)
        let headline = estimate(correlation)
        var details = plan.subject.heldOut.details
        details["correlation_positives"] = estimate(ClusteredCorrelation(windows.filter(\.isPositive)))
        for block in Set(windows.compactMap(\.block)).sorted() {
            details["correlation_block_\(block)"] = estimate(
                ClusteredCorrelation(windows.filter { $0.isPositive && $0.block == block }))
        }
        if plan.fresh != nil {
            details[CurrentEstimate.name] = estimate(ClusteredCorrelation(correlated(isCurrent: true)))
        }
        if headline == nil, let value = windows.lazy.flatMap(\.pairs).first?.predicted {
            details["constant_prediction"] = Estimate(value: value, lower: value, upper: value, count: judged)
        }
        var score = plan.score(
            method: SimulationScorer.name, headline: headline, details: details, judged: judged,
            failed: all - asked.reduce(0) { $0 + $1.pairs.count }, cost: cost)
        score.replicates = correlation.replicates
        return score
    }

    /// The asked windows with what was predicted; a recent one weighs as `CurrentEstimate` has it if `isCurrent`.
    private func correlated(isCurrent: Bool = false) -> [CorrelatedWindow] {
        let recent = isCurrent ? Set((plan.fresh?.recent ?? []) + (plan.fresh?.windows.map(\.identity) ?? [])) : []
        return zip(plan.asked, predictions).map { window, predictions in
            CorrelatedWindow(
                predicted: predictions ?? [], truth: window.activations.map(Double.init),
                isPositive: window.isPositive, block: window.block, document: window.document,
                weight: window.isPositive && recent.contains(window.identity) ? CurrentEstimate.recentWeight : 1)
        }
    }

    private func estimate(_ correlation: ClusteredCorrelation) -> Estimate? {
        correlation.estimate(resamples: plan.settings.resamples, seed: plan.subject.seed ^ plan.job.low)
    }
}
