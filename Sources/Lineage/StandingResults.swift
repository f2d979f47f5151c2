package import Elements

/// The current explanations and their latest scores, out of all that were ever made.
///
/// Earlier rounds, replaced explanations and those that have not replaced any are history, never part of an aggregate.
package struct StandingResults {
    /// The current explanations, in the order given.
    package let explanations: [Explanation]
    /// The latest score of each by each node, and the latest control of each latent, in the order given.
    package let scores: [Score]
    /// What stands and what challenges it, without what scores have said.
    package let lineage: Lineage

    package init(explanations: [Explanation], scores: [Score], choices: [Choice]) {
        lineage = Lineage.replay(explanations: explanations, choices: choices)
        self.explanations = lineage.standing(among: explanations)
        self.scores = lineage.latest(among: scores)
    }
}
