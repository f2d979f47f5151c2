package import Elements

/// Decides between the explanation that stands and its challenger by their scores on the same windows.
package enum ComparisonRule {
    /// Differences no larger than what rounding makes of a tie.
    private static let rounding = 1e-12

    /// The challenger replaces where the mean over the nodes of its headline less that of the standing one is above zero.
    ///
    /// Ties keep the standing one, and so does it where no node could compare; a node without both figures abstains. Every node
    /// weighs the same, though their windows are many or few: each stands for a way of measuring.
    package static func outcome(of scores: [PairedScore]) -> ChoiceOutcome {
        // Summed in the order of the nodes, so that the outcome does not hang on who was done first.
        let differences = scores.sorted { $0.node < $1.node }.compactMap { pair -> Double? in
            guard let standing = pair.standing, let challenger = pair.challenger, standing.isFinite,
                challenger.isFinite
            else { return nil }
            return challenger - standing
        }
        return differences.reduce(0, +) > rounding ? .replaced : .kept
    }
}
