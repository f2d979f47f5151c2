package import Elements

/// What counts of all explanations and scores that were ever made: of each latent what stands now, scored last.
///
/// Earlier rounds, what was replaced and what has not replaced anything are history, never part of an aggregate.
package struct StandingResults {
    /// The explanations that stand, in the order given.
    package let explanations: [Explanation]
    /// The latest score of each by each node, and the latest control of each latent, in the order given.
    package let scores: [Score]

    package init(explanations: [Explanation], scores: [Score], choices: [Choice]) {
        let won = Set(choices.filter { $0.outcome == .replaced }.map(\.challenger))
        let replaced = Set(choices.filter { $0.outcome == .replaced }.map(\.standing))
        let fallen = explanations.filter { explanation in
            explanation.provenance.again != nil && !won.contains(explanation.job)
                || replaced.contains(explanation.job)
        }
        let past = Set(fallen.map(\.job))
        self.explanations = explanations.filter { !past.contains($0.job) }
        var latest: [Subject: Int] = [:]
        for (index, score) in scores.enumerated() {
            // A control is scored with another latent's explanation, whatever has become of that.
            guard score.control != nil || !past.contains(score.explanation) else { continue }
            let subject = Subject(score)
            if let known = latest[subject], Self.isLater(scores[known], than: score) { continue }
            latest[subject] = index
        }
        self.scores = latest.values.sorted().map { scores[$0] }
    }

    /// What a node scores once: an explanation, or the windows of a latent as a control.
    private struct Subject: Hashable {
        let node: String
        let explainedBy: String
        let coder: String
        let latent: Int
        let explanation: JobID?
        let control: String?

        init(_ score: Score) {
            node = score.node
            explainedBy = score.explainedBy
            coder = score.coder.name
            latent = score.latent
            explanation = score.control == nil ? score.explanation : nil
            control = score.control
        }
    }

    private static func isLater(_ one: Score, than other: Score) -> Bool {
        (one.round?.epoch ?? 0, one.job) > (other.round?.epoch ?? 0, other.job)
    }
}
