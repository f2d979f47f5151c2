import Elements
import Statistics

/// The predicates of an explanation's parts, each to be run on its own held-out windows.
package struct ExecutedParts: Sendable {
    /// Which of the set's positives belong to which part.
    let assignment: PartAssignment
    /// Whether the predicate of a part holds in a window, given its token ids.
    let matches: @Sendable (_ part: Int, _ tokens: ArraySlice<UInt32>) -> Bool

    /// Brings parts and their predicates together.
    package init(
        _ assignment: PartAssignment,
        matches: @escaping @Sendable (_ part: Int, _ tokens: ArraySlice<UInt32>) -> Bool
    ) {
        self.assignment = assignment
        self.matches = matches
    }

    /// The balanced accuracy of each part: its own positives against all windows in which the latent is silent.
    func details(
        on heldOut: HeldOutSet, pool: NegativePool, silent: Int, latent: Int, passedOver: [Int]
    ) -> [String: Estimate] {
        assignment.details { part, windows in
            let alarms = pool.alarms(silent: latent, besides: passedOver) { matches(part, $0) }.windows.count
            let found = windows.count { matches(part, heldOut.positives[$0].window.tokens[...]) }
            return BalancedAccuracy.estimate(
                of: ConfusionTable(
                    truePositives: found, falseNegatives: windows.count - found, trueNegatives: silent - alarms,
                    falsePositives: alarms))
        }
    }
}
