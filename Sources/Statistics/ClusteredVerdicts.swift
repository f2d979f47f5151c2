package import Elements

/// Verdicts given several to a call, and intervals of what they come to that allow for what a call has in common.
///
/// Verdicts of one call err together, so that fewer of them count: an interval is that of `n / d` verdicts, d the design
/// effect. It is estimated from the spread of the calls' sums (the linearised cluster variance over that of independent
/// verdicts) and drawn towards the effect of a correlation of 0.2, the more the fewer errors (or the fewer right answers) there are to
/// judge it by. As it is itself an estimate from few calls, the quantile is Student's: a call tells of two classes, and
/// the less the estimate weighs beside its prior, the more degrees of freedom there are (Satterthwaite). `CoverageTests`
/// simulates what comes of it.
/// Sources: L. Kish, "Survey Sampling" (1965), section 8.2; E. L. Korn and B. I. Graubard (1998) for Wilson's
/// interval at an effective number and Student's quantile; F. E. Satterthwaite (1946).
package struct ClusteredVerdicts: Sendable {
    /// The correlation within a call before anything is known.
    static let priorCorrelation = 0.2
    /// So many errors weigh as much as that.
    static let priorWeight = 2.0
    /// The least design effect: less is chance.
    static let leastEffect = 0.8

    /// The counts.
    package let table: ConfusionTable
    private let isPositive: [Bool]
    private let isYes: [Bool]
    /// `[verdicts]`: the number of each one's call, in the order of the calls' names, so that sums over them do not depend on
    /// the order of verdicts.
    private let calls: [Int]
    private let callCount: Int

    /// Counts verdicts; the lists are `[verdicts]`.
    package init(isPositive: [Bool], isYes: [Bool], calls: [Int]) {
        let count = min(isPositive.count, isYes.count, calls.count)
        self.isPositive = Array(isPositive.prefix(count))
        self.isYes = Array(isYes.prefix(count))
        let names = Set(calls.prefix(count)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self.calls = calls.prefix(count).map { numbers[$0] ?? 0 }
        callCount = names.count
        var table = ConfusionTable()
        for (truth, verdict) in zip(self.isPositive, self.isYes) { table.count(isPositive: truth, verdict: verdict) }
        self.table = table
    }

    /// By how much the variance of a figure exceeds that of independent verdicts, and the degrees of freedom of that; `nil`
    /// if each verdict has a call of its own.
    ///
    /// The slopes are the figure's by the true-positive and by the true-negative rate; a class whose slope is 0 counts for
    /// nothing.
    package func designEffect(slopes: RateFigure.Slopes) -> (effect: Double, degrees: Double)? {
        var residuals = [(sum: Double, size: Int)](repeating: (0, 0), count: callCount)
        var squares = 0.0
        var (count, correct) = (0, 0)
        for (index, truth) in isPositive.enumerated() {
            let (size, right, slope) =
                truth
                ? (table.positives, table.truePositives, slopes.truePositive)
                : (table.negatives, table.trueNegatives, slopes.trueNegative)
            guard slope != 0 else { continue }
            let isRight = truth == isYes[index]
            let residual = ((isRight ? 1 : 0) - Double(right) / Double(size)) * slope / Double(size)
            residuals[calls[index]].sum += residual
            residuals[calls[index]].size += 1
            squares += residual * residual
            count += 1
            if isRight { correct += 1 }
        }
        let held = residuals.count { $0.size > 0 }
        // The rates that the residuals are taken from.
        let fitted = (slopes.truePositive != 0 ? 1 : 0) + (slopes.trueNegative != 0 ? 1 : 0)
        guard held < count, count > fitted else { return nil }
        let sizes = Double(residuals.reduce(0) { $0 + $1.size * $1.size }) / Double(count)
        let prior = 1 + (sizes - 1) * Self.priorCorrelation
        let known = Double(min(correct, count - correct))
        var observed = prior
        if squares > 0, held > 1 {
            let between = residuals.reduce(0) { $0 + $1.sum * $1.sum } * Double(held) / Double(held - 1)
            observed = between / (squares * Double(count) / Double(count - fitted))
        }
        let share = known / (known + Self.priorWeight)
        return (
            effect: max(Self.leastEffect, share * observed + (1 - share) * prior),
            degrees: 2 * Double(held - 1) / (share * share)
        )
    }

    /// The balanced accuracy; `nil` if a class has no verdict.
    package var balancedAccuracy: Estimate? {
        guard let independent = BalancedAccuracy.estimate(of: table) else { return nil }
        return designEffect(slopes: RateFigure.balancedAccuracy.slopes(0.5, 0.5)) == nil
            ? independent : estimate(of: .balancedAccuracy, count: independent.count)
    }

    /// F1 of the verdicts as they are; `nil` if a class has no verdict.
    package var f1: Estimate? {
        estimate(
            of: .f1(negativesPerPositive: Double(table.negatives) / Double(max(table.positives, 1))),
            count: table.positives + table.negatives)
    }

    /// The share of positive verdicts that are right; `nil` without positive verdicts, or if a class has none.
    package var precision: Estimate? {
        let said = table.truePositives + table.falsePositives
        guard said > 0 else { return nil }
        return estimate(
            of: .precision(negativesPerPositive: Double(table.negatives) / Double(max(table.positives, 1))), count: said
        )
    }

    /// The share of positives found; `nil` without positives.
    package var truePositiveRate: Estimate? {
        rate(table.truePositives, of: table.positives, slopes: (truePositive: 1, trueNegative: 0))
    }

    /// The share of negatives found; `nil` without negatives.
    package var trueNegativeRate: Estimate? {
        rate(table.trueNegatives, of: table.negatives, slopes: (truePositive: 0, trueNegative: 1))
    }

    private func rate(_ right: Int, of count: Int, slopes: RateFigure.Slopes) -> Estimate? {
        guard let independent = Wilson.interval(successes: right, of: count) else { return nil }
        guard let (effect, degrees) = designEffect(slopes: slopes) else { return independent }
        let limits = Wilson.limits(
            rate: independent.value, count: Double(count) / effect, z: StudentT.upper(degrees: degrees))
        return Estimate(value: independent.value, lower: limits.lower, upper: limits.upper, count: count)
    }

    /// A figure of both rates with its interval; `nil` if a class has no verdict.
    ///
    /// The distances of each rate to its own Wilson limits, put through the figure, are squared and added, as MOVER does.
    /// That cannot reach past what is left between a rate and 1, so near 1 the interval is widened to Wilson's for the figure
    /// itself, at the number of verdicts that its linearised variance is worth.
    private func estimate(of figure: RateFigure, count: Int) -> Estimate? {
        guard table.positives > 0, table.negatives > 0 else { return nil }
        let (p, n) = (Double(table.positives), Double(table.negatives))
        let (a, b) = (Double(table.truePositives) / p, Double(table.trueNegatives) / n)
        // Half an error more on both sides, so that no variance is 0.
        let (smoothA, smoothB) = ((a * p + 0.5) / (p + 1), (b * n + 0.5) / (n + 1))
        let slopes = figure.slopes(smoothA, smoothB)
        let design = designEffect(slopes: slopes)
        let effect = design?.effect ?? 1
        let quantile = design.map { StudentT.upper(degrees: $0.degrees) } ?? Wilson.z
        let (ofA, ofB) = (
            Wilson.limits(rate: a, count: p / effect, z: quantile),
            Wilson.limits(rate: b, count: n / effect, z: quantile)
        )
        let value = figure.value(a, b)
        func reach(_ a: Double, _ b: Double) -> Double { figure.value(a, b) - value }
        func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        let lower = value - length(reach(ofA.lower, b), reach(a, ofB.lower))
        let upper = value + length(reach(ofA.upper, b), reach(a, ofB.upper))
        let (partA, partB) = (
            slopes.truePositive * slopes.truePositive * smoothA * (1 - smoothA) / p,
            slopes.trueNegative * slopes.trueNegative * smoothB * (1 - smoothB) / n
        )
        let middle = figure.value(smoothA, smoothB)
        let wilson = Wilson.limits(
            rate: value, count: middle * (1 - middle) / ((partA + partB) * effect), z: quantile)
        return Estimate(
            value: value, lower: max(0, min(lower, wilson.lower)), upper: min(1, max(upper, wilson.upper)),
            count: count)
    }
}
