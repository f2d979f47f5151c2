package import Elements

/// Decides between the explanation that stands and its challenger by their scores on the same windows.
package enum ComparisonRule {
    /// Differences no larger than what rounding makes of a tie.
    private static let rounding = 1e-12

    /// The challenger takes the place of the incumbent if its headline less the incumbent's is above zero in the mean
    /// over the nodes.
    ///
    /// A tie keeps the incumbent, and so it does if no node could compare; a node without both figures abstains. Every
    /// node weighs the same, however many windows it has: each stands for a way of measuring.
    package static func outcome(of scores: [PairedScore]) -> ChoiceOutcome {
        // Summed in the order of the nodes, so that the outcome does not depend on who was done first.
        let differences = scores.sorted { $0.node < $1.node }.compactMap { pair -> Double? in
            guard let standing = pair.standing, let challenger = pair.challenger, standing.isFinite,
                challenger.isFinite
            else { return nil }
            return challenger - standing
        }
        return differences.reduce(0, +) > rounding ? .replaced : .kept
    }
}
