package import Elements
import Lineage

/// What counts of all explanations and scores that were ever made: of each latent what stands now, scored last.
///
/// Earlier rounds, what was replaced and what has not replaced anything are history, never part of an aggregate.
package struct StandingResults {
    /// The explanations that stand, in the order given.
    package let explanations: [Explanation]
    /// The latest score of each by each node, and the latest control of each latent, in the order given.
    package let scores: [Score]

    package init(explanations: [Explanation], scores: [Score], choices: [Choice]) {
        let lineage = Lineage.replay(explanations: explanations, choices: choices)
        self.explanations = lineage.standing(among: explanations)
        self.scores = lineage.latest(among: scores)
    }
}
