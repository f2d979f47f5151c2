package import Elements

/// Why an explanation is due to be made again, and how far that has gone.
package struct Staleness: Sendable, Hashable {
    /// Why.
    package let reason: AgainReason
    /// The factor by which the windows fired in have grown, or the distance by which peaks have moved; `nil` of a score.
    package let amount: Double?

    /// Makes one.
    package init(reason: AgainReason, amount: Double? = nil) {
        self.reason = reason
        self.amount = amount
    }
}

extension Lineage {
    /// Takes in what stored scores say of whether explanations are still as good as they were, as a run does at its start.
    ///
    /// - Parameter blames: Whether a score by a method can speak against an explanation.
    package mutating func restoreDrifts(in scores: [Score], blames: (_ method: String) -> Bool) {
        for (node, own) in Dictionary(grouping: scores.filter { blames($0.method) }, by: \.node) {
            var votes = ComparisonVotes(node: node, noticesDrift: true)
            for drift in votes.restore(own) { explainers[drift.explainedBy]?.restore(drift) }
        }
    }

    /// By latent: what decides whether the standing explanation of a node is due to be made again.
    ///
    /// One that is being compared with another is not among them, nor one whose evidence was not noted.
    package func pasts(of explainer: String) -> [Int: ReexplanationRule.Past] { explainers[explainer]?.pasts ?? [:] }
}
