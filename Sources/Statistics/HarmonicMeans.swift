package import Elements

/// F1 of a table and its intervals by a percentile bootstrap of single observations within each class.
package enum HarmonicMeans {
    /// By the names under which a score reports them: `f1` of the table as it is, and `f1_balanced` with both classes weighed
    /// the same, `2 TPR / (1 + TPR + FPR)`.
    package static func estimates(of table: ConfusionTable, resamples: Int, seed: UInt64) -> [String: Estimate] {
        let hits = BinomialSampler(
            count: table.positives, probability: Double(table.truePositives) / Double(max(table.positives, 1)))
        let alarms = BinomialSampler(
            count: table.negatives, probability: Double(table.falsePositives) / Double(max(table.negatives, 1)))
        var generator = SeededGenerator(seed: seed)
        let tables = (0..<max(resamples, 1)).map { _ in
            let found = hits.successes(at: generator.unit())
            let wrong = alarms.successes(at: generator.unit())
            return ConfusionTable(
                truePositives: found, falseNegatives: table.positives - found,
                trueNegatives: table.negatives - wrong, falsePositives: wrong)
        }
        func estimate(_ statistic: (ConfusionTable) -> Double) -> Estimate {
            let value = statistic(table)
            let (lower, upper) = Quantiles(tables.map(statistic)).interval(of: value, in: 0...1)
            return Estimate(value: value, lower: lower, upper: upper, count: table.positives + table.negatives)
        }
        return ["f1": estimate(\.f1), "f1_balanced": estimate(\.balancedF1)]
    }
}
