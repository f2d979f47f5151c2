package import Elements

/// The mean of the true-positive and the true-negative rate, with an interval by MOVER.
///
/// The method of variance estimates recovery puts the interval of a sum together from the distances of its terms
/// to their own (Wilson) limits. Source: R. G. Newcombe, "Interval estimation for the difference between independent
/// proportions" (1998), method 10; G. Y. Zou and A. Donner (2008).
package enum BalancedAccuracy {
    /// `(a + b) / 2` of two independent estimates with its 95 % interval.
    package static func mover(_ a: Estimate, _ b: Estimate) -> Estimate {
        let value = (a.value + b.value) / 2
        let below = ((a.value - a.lower) * (a.value - a.lower) + (b.value - b.lower) * (b.value - b.lower)).squareRoot()
        let above = ((a.upper - a.value) * (a.upper - a.value) + (b.upper - b.value) * (b.upper - b.value)).squareRoot()
        return Estimate(
            value: value, lower: max(0, value - below / 2), upper: min(1, value + above / 2), count: a.count + b.count)
    }

    /// The balanced accuracy of a table without its interval; `nil` if a class has no observation.
    package static func value(of table: ConfusionTable) -> Double? {
        value(
            found: Double(table.truePositives), missed: Double(table.falseNegatives),
            passed: Double(table.trueNegatives), alarms: Double(table.falsePositives))
    }

    /// The same of the four counts.
    static func value(found: Double, missed: Double, passed: Double, alarms: Double) -> Double? {
        let (positives, negatives) = (found + missed, passed + alarms)
        return positives > 0 && negatives > 0 ? (found / positives + passed / negatives) / 2 : nil
    }

    /// The balanced accuracy of a table; `nil` if a class has no observation.
    package static func estimate(of table: ConfusionTable) -> Estimate? {
        guard let sensitivity = table.truePositiveRate, let specificity = table.trueNegativeRate else { return nil }
        return mover(sensitivity, specificity)
    }
}
