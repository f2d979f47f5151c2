public import Elements
import Statistics

/// A latent's current figure: the windows of the last two days of event time weigh more than those of all time.
///
/// Over the positives, each distinct window once, one of the last two days weighs `recentWeight` times as much as one of the uniform
/// sample of all time. The negatives are those of all time: the pool has no days.
public enum CurrentEstimate {
    /// The name under which a score reports it.
    public static let name = Score.currentName
    /// The weight of a recent window; another weighs 1.
    public static let recentWeight = 4

    /// The mean of the weighted true-positive rate and the true-negative rate; `nil` if a class is empty.
    ///
    /// The rate's limits are Wilson's for the effective number of windows, `(Σw)² / Σw²` (L. Kish, "Survey Sampling", 1965);
    /// `count` of the result is all observations.
    ///
    /// - Parameters:
    ///   - hits: The positives: whether each was found, and whether it is recent.
    ///   - negatives: The true-negative rate.
    ///   - effect: By how much the variance exceeds that of independent observations; both effective numbers are divided by it.
    public static func balancedAccuracy(
        hits: [(isFound: Bool, isRecent: Bool)], negatives: Estimate?, effect: Double = 1
    ) -> Estimate? {
        guard let rate = rate(of: hits, effect: effect), var negatives else { return nil }
        if effect != 1 {
            let limits = Wilson.limits(rate: negatives.value, count: Double(negatives.count) / effect)
            negatives = Estimate(
                value: negatives.value, lower: limits.lower, upper: limits.upper, count: negatives.count)
        }
        let mover = BalancedAccuracy.mover(rate, negatives)
        return Estimate(
            value: mover.value, lower: mover.lower, upper: mover.upper, count: hits.count + negatives.count)
    }

    /// The weighted share of windows found.
    static func rate(of hits: [(isFound: Bool, isRecent: Bool)], effect: Double = 1) -> Estimate? {
        let (recent, other) = (hits.count(where: \.isRecent), hits.count { !$0.isRecent })
        let found =
            hits.count { $0.isFound && !$0.isRecent } + recentWeight * hits.count { $0.isFound && $0.isRecent }
        let total = other + recentWeight * recent
        guard total > 0 else { return nil }
        let effective = Double(total * total) / Double(other + recentWeight * recentWeight * recent)
        let value = Double(found) / Double(total)
        let limits = Wilson.limits(rate: value, count: effective / effect)
        return Estimate(value: value, lower: limits.lower, upper: limits.upper, count: hits.count)
    }

    /// The weighted area under the ROC curve of independent observations, with a percentile bootstrap stratified by class.
    ///
    /// A resample draws windows evenly and lets them keep their weights. `nil` if a class is empty.
    static func area(
        scores: [Double], isPositive: [Bool], isRecent: [Bool], resamples: Int, seed: UInt64
    ) -> Estimate? {
        let weights = isRecent.map { $0 ? recentWeight : 1 }
        return AreaBootstrap(scores: scores, isPositive: isPositive, weights: weights)
            .estimate(resamples: resamples, seed: seed)
    }
}
