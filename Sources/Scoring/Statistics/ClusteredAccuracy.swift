import Elements

/// The balanced accuracy of verdicts given several to a call, with an interval that allows for what a call has in common.
///
/// Verdicts of one call err together, so that fewer of them count: the interval is that of `n / d` verdicts, d the design
/// effect. It is estimated from the spread of the calls' sums (the linearised cluster variance over that of independent
/// verdicts) and drawn towards the effect of a correlation of 0.2, the more the fewer errors (or the fewer right answers) there are to
/// judge it by. As it is itself an estimate from few calls, the quantile is Student's: a call tells of two classes, and
/// the less the estimate weighs beside its prior, the more degrees of freedom there are (Satterthwaite). MOVER cannot
/// reach past what is left between a rate and 1, so near 1 the interval is widened to Wilson's for the balanced accuracy
/// itself at its effective number of verdicts. `CoverageTests` simulates what comes of it.
/// Sources: L. Kish, "Survey Sampling" (1965), section 8.2; E. L. Korn and B. I. Graubard (1998) for Wilson's
/// interval at an effective number and Student's quantile; F. E. Satterthwaite (1946).
enum ClusteredAccuracy {
    /// The correlation within a call before anything is known.
    static let priorCorrelation = 0.2
    /// So many errors weigh as much as that.
    static let priorWeight = 2.0
    /// The least design effect: less is chance.
    static let leastEffect = 0.8

    /// The estimate; `nil` where a class has no verdict.
    ///
    /// The lists are `[verdicts]`.
    static func estimate(isPositive: [Bool], isYes: [Bool], calls: [Int]) -> Estimate? {
        var table = ConfusionTable()
        for (truth, verdict) in zip(isPositive, isYes) { table.count(isPositive: truth, verdict: verdict) }
        guard let independent = BalancedAccuracy.estimate(of: table) else { return nil }
        let design = designEffect(isPositive: isPositive, isYes: isYes, calls: calls, table: table)
        guard let (effect, degrees) = design else { return independent }
        let quantile = StudentQuantile.upper(degrees: degrees)
        let (p, n) = (Double(table.positives), Double(table.negatives))
        let (a, b) = (Double(table.truePositives) / p, Double(table.trueNegatives) / n)
        func estimate(_ rate: Double, _ count: Double) -> Estimate {
            let limits = Wilson.limits(rate: rate, count: count, z: quantile)
            return Estimate(value: rate, lower: limits.lower, upper: limits.upper, count: Int(count.rounded()))
        }
        let mover = BalancedAccuracy.mover(estimate(a, p / effect), estimate(b, n / effect))
        // Half an error more on both sides, so that the variance is never 0.
        let (smoothA, smoothB) = ((a * p + 0.5) / (p + 1), (b * n + 0.5) / (n + 1))
        let middle = (smoothA + smoothB) / 2
        let variance = (smoothA * (1 - smoothA) / p + smoothB * (1 - smoothB) / n) / 4 * effect
        let wilson = Wilson.limits(rate: independent.value, count: middle * (1 - middle) / variance, z: quantile)
        return Estimate(
            value: independent.value, lower: min(mover.lower, wilson.lower), upper: max(mover.upper, wilson.upper),
            count: independent.count)
    }

    /// By how much the variance of the balanced accuracy exceeds that of independent verdicts, and the degrees of freedom
    /// of that figure; `nil` where each verdict has a call of its own.
    static func designEffect(
        isPositive: [Bool], isYes: [Bool], calls: [Int], table: ConfusionTable
    ) -> (effect: Double, degrees: Double)? {
        let count = table.positives + table.negatives
        var residuals: [Int: (sum: Double, size: Int)] = [:]
        var squares = 0.0
        for index in 0..<min(count, calls.count) {
            let (size, right) =
                isPositive[index]
                ? (table.positives, table.truePositives) : (table.negatives, table.trueNegatives)
            let isRight = isPositive[index] == isYes[index]
            let residual = ((isRight ? 1 : 0) - Double(right) / Double(size)) / Double(2 * size)
            residuals[calls[index], default: (0, 0)].sum += residual
            residuals[calls[index], default: (0, 0)].size += 1
            squares += residual * residual
        }
        guard residuals.count < count, count > 2 else { return nil }
        let sizes = Double(residuals.values.reduce(0) { $0 + $1.size * $1.size }) / Double(count)
        let prior = 1 + (sizes - 1) * priorCorrelation
        let correct = table.truePositives + table.trueNegatives
        let known = Double(min(correct, count - correct))
        var observed = prior
        if squares > 0, residuals.count > 1 {
            // In the order of the calls: the same verdicts give the same bits in every process.
            let between = residuals.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.sum * $1.value.sum }
            let calls = Double(residuals.count)
            observed = between * calls / (calls - 1) / (squares * Double(count) / Double(count - 2))
        }
        let share = known / (known + priorWeight)
        return (
            effect: max(leastEffect, share * observed + (1 - share) * prior),
            degrees: 2 * Double(residuals.count - 1) / (share * share)
        )
    }
}
