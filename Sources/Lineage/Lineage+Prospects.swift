import Elements

/// What a score node that is through with its input goes on with.
package enum ScoreProspect: Sendable, Hashable {
    /// It has to see to something that a comparison has called for: tell it that it is `woken`.
    case work
    /// It may have to once other nodes have voted.
    case wait
    /// Nothing more comes in this process.
    case nothing
}

extension Lineage {
    /// What a score node that is through with its input goes on with.
    ///
    /// A comparison is waited for only as long as every node that has not voted in its look may still do so in this
    /// process: what cannot be decided is taken up by the next one. A node is waited for by all that have a say, so none
    /// of them may wait for anything but votes.
    package func prospect(of node: String) -> ScoreProspect {
        guard let scorer = scorers[node], !scorer.steps.isStopping, !scorer.steps.isClosed, scorer.steps.hasEvidence
        else { return .nothing }
        if scorer.owesAny { return .work }
        return explainers.values.contains { explainer in
            explainer.comparisons.contains { comparison in
                let latent = comparison.challenger.latent
                let voters = explainer.readers(of: latent)
                return voters.contains(node)
                    && voters.allSatisfy { explainer.hasVoted($0, onLatent: latent) || mayVote($0, on: comparison) }
            }
        } ? .wait : .nothing
    }

    /// Whether a comparison is open about a latent, of whichever explain node.
    package func isComparing(latent: Int) -> Bool {
        explainers.values.contains { $0.comparison(ofLatent: latent) != nil }
    }

    private func mayVote(_ node: String, on comparison: Comparison) -> Bool {
        guard let scorer = scorers[node], !scorer.steps.isStopping, !scorer.steps.isClosed else { return false }
        return scorer.comparing.mayComeToAVote(
            comparison, isEnded: scorer.steps.isEnded)
    }
}
