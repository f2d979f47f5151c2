package import Elements

/// Counts of verdicts by class.
package struct ConfusionTable: Sendable, Hashable, Codable {
    /// Positives said to be positive.
    package var truePositives: Int
    /// Positives said to be negative.
    package var falseNegatives: Int
    /// Negatives said to be negative.
    package var trueNegatives: Int
    /// Negatives said to be positive.
    package var falsePositives: Int

    /// Makes a table.
    package init(truePositives: Int = 0, falseNegatives: Int = 0, trueNegatives: Int = 0, falsePositives: Int = 0) {
        self.truePositives = truePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
        self.falsePositives = falsePositives
    }

    /// Counts one verdict.
    package mutating func count(isPositive: Bool, verdict: Bool) {
        switch (isPositive, verdict) {
        case (true, true): truePositives += 1
        case (true, false): falseNegatives += 1
        case (false, false): trueNegatives += 1
        case (false, true): falsePositives += 1
        }
    }

    /// Adds the counts of another table.
    mutating func add(_ other: ConfusionTable) {
        truePositives += other.truePositives
        falseNegatives += other.falseNegatives
        trueNegatives += other.trueNegatives
        falsePositives += other.falsePositives
    }

    /// The number of positives.
    package var positives: Int { truePositives + falseNegatives }
    /// The number of negatives.
    package var negatives: Int { trueNegatives + falsePositives }
    /// The share of positives found, with its Wilson interval; `nil` without positives.
    package var truePositiveRate: Estimate? { Wilson.interval(successes: truePositives, of: positives) }
    /// The share of negatives found, with its Wilson interval; `nil` without negatives.
    package var trueNegativeRate: Estimate? { Wilson.interval(successes: trueNegatives, of: negatives) }
    /// The share of positive verdicts that are right, with its Wilson interval; `nil` without positive verdicts.
    package var precision: Estimate? {
        Wilson.interval(successes: truePositives, of: truePositives + falsePositives)
    }
    /// `2 TP / (2 TP + FP + FN)`; 0 if nothing is or is said to be positive.
    package var f1: Double {
        let denominator = Double(2 * truePositives + falsePositives + falseNegatives)
        return denominator > 0 ? 2 * Double(truePositives) / denominator : 0
    }
    /// F1 with both classes weighed the same, `2 TPR / (1 + TPR + FPR)`; 0 if a class is empty.
    package var balancedF1: Double {
        guard positives > 0, negatives > 0 else { return 0 }
        let hits = Double(truePositives) / Double(positives)
        let alarms = Double(falsePositives) / Double(negatives)
        return 2 * hits / (1 + hits + alarms)
    }
}
