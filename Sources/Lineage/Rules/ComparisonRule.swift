package import Elements

/// Decides between the explanation that stands and its challenger by their scores on the same windows.
///
/// Each look takes windows of its own. After each look the difference of what has been seen so far is tested at a level of
/// which each of the looks has an equal part (Bonferroni), so that however many are taken, an explanation that is no better
/// replaces another in at most 5 % of comparisons, and half of these to its favour.
package enum ComparisonRule {
    /// The most looks at a comparison.
    package static let looks = 3
    /// The quantile of the normal distribution at 1 - 0.05 / (2 · looks).
    package static let quantile = 2.393_979_799_818_510_4

    /// What has been found by so many looks; `nil` as long as another may tell.
    ///
    /// A difference that its interval tells from none decides; one that no look tells keeps what stands, and so does a
    /// comparison for which no node had figures. A node without both figures abstains from a look.
    package static func outcome(of scores: [PairedScore], look: Int) -> ChoiceOutcome? {
        guard let difference = difference(of: scores) else { return .kept }
        if difference.isTold { return difference.value > 0 ? .replaced : .kept }
        let isSeen = scores.contains { ($0.look ?? 1) == look && $0.difference != nil }
        return look < looks && isSeen ? nil : .kept
    }

    /// The challenger's headline less that of what stands, over looks and nodes; `nil` if no node has both with their error.
    ///
    /// A node's looks weigh by their windows; they are of different documents and so independent. Nodes weigh the same, however many
    /// windows they have: each stands for a way of measuring. They measure on the same documents, so that their errors are taken to go
    /// together: the error of the mean is the mean of the errors, which is the most it can be.
    package static func difference(of scores: [PairedScore]) -> ComparedDifference? {
        // In the order of the nodes, so that the outcome does not depend on who was done first.
        let nodes = Dictionary(grouping: scores.filter { $0.difference != nil }, by: \.node).sorted { $0.key < $1.key }
        let differences = nodes.map { ComparedDifference(ofLooks: $0.value.sorted { ($0.look ?? 1) < ($1.look ?? 1) }) }
        guard !differences.isEmpty else { return nil }
        let count = Double(differences.count)
        return ComparedDifference(
            value: differences.reduce(0) { $0 + $1.value } / count,
            error: differences.reduce(0) { $0 + $1.error } / count)
    }
}

/// A difference with its standard error.
package struct ComparedDifference: Sendable, Hashable {
    package let value: Double
    package let error: Double

    /// Differences no larger than what rounding makes of a tie.
    private static let rounding = 1e-12

    init(value: Double, error: Double) {
        (self.value, self.error) = (value, error)
    }

    /// One node's looks together.
    fileprivate init(ofLooks scores: [PairedScore]) {
        let weights = scores.map { Double(max($0.windows ?? 1, 1)) }
        let whole = weights.reduce(0, +)
        let parts = zip(scores, weights).compactMap { score, weight in
            score.difference.map { (value: $0.value * weight / whole, error: $0.error * weight / whole) }
        }
        value = parts.reduce(0) { $0 + $1.value }
        error = parts.reduce(0) { $0 + $1.error * $1.error }.squareRoot()
    }

    /// Whether the interval leaves 0 out.
    package var isTold: Bool { abs(value) > max(ComparisonRule.quantile * error, Self.rounding) }
}

extension PairedScore {
    /// The difference in one look; `nil` if a figure or its error is missing.
    fileprivate var difference: ComparedDifference? {
        guard let standing, let challenger, let error, (challenger - standing).isFinite, error.isFinite, error >= 0
        else {
            return nil
        }
        return ComparedDifference(value: challenger - standing, error: error)
    }

    /// A node's part in one look, from the scores of both explanations on the same windows.
    ///
    /// The error is the deviation of the difference over resampled documents, which are drawn alike for both; without them it
    /// follows from both intervals as if each had windows of its own, which is more than it can be unless the two err against each
    /// other. To its square d² / n is added, d the difference and n the windows of the smaller class: with verdicts of one class this
    /// makes the test McNemar's, whose variance is that under no difference, so that a few windows that all fall one way tell nothing.
    /// Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions" (1947).
    package init(node: String, standing: Score, challenger: Score, look: Int) {
        guard let own = standing.headline, let other = challenger.headline else {
            self.init(
                node: node, standing: standing.headline?.value, challenger: challenger.headline?.value, look: look)
            return
        }
        let windows = min(own.count, other.count)
        let apart = [own, other].map { ($0.upper - $0.lower) / (2 * 1.959_963_984_540_054) }
        let independent = apart.reduce(0) { $0 + $1 * $1 }
        let variance = Self.variance(of: challenger.replicates, less: standing.replicates) ?? independent
        let difference = other.value - own.value
        self.init(
            node: node, standing: own.value, challenger: other.value,
            error: (variance + difference * difference / standing.smallerClass(of: windows)).squareRoot(),
            windows: windows, look: look)
    }

    /// The variance of a difference over resampled documents; `nil` unless both are known.
    private static func variance(of a: ScoreReplicates?, less b: ScoreReplicates?) -> Double? {
        guard let a, let b else { return nil }
        let differences = zip(a.values, b.values).compactMap { a, b -> Double? in
            guard let a, let b else { return nil }
            return a - b
        }
        guard differences.count > 1 else { return nil }
        let mean = differences.reduce(0, +) / Double(differences.count)
        return differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(differences.count - 1)
    }
}

extension Score {
    /// The windows of the smaller class, at least one; half of all where a score does not tell them apart.
    fileprivate func smallerClass(of windows: Int) -> Double {
        let classes = ["true_positive_rate", "true_negative_rate"].compactMap { details[$0]?.count }
        return max(1, classes.count == 2 ? Double(min(classes[0], classes[1])) : Double(windows) / 2)
    }
}
