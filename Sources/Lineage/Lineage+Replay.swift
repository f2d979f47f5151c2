package import Elements

extension Lineage {
    /// What stands by all that was stored, whichever nodes it came from: for reports, exports and HTTP.
    ///
    /// A run restores its nodes by the same rules.
    package static func replay(explanations: [Explanation], choices: [Choice]) -> Lineage {
        var lineage = Lineage()
        let made = Dictionary(grouping: explanations, by: \.node)
        let decided = Dictionary(grouping: choices, by: \.node)
        for node in Set(made.keys).union(decided.keys) {
            lineage.restore(
                explainer: node, rule: ReexplanationRule(regrowth: 0, drift: false), explanations: made[node] ?? [],
                choices: decided[node] ?? [])
        }
        return lineage
    }

    /// What has become of an explanation that a node made; `nil` if it is not known.
    package func standing(of explanation: JobID, by explainer: String) -> Standing? {
        incumbents(of: explainer)?[explanation]
    }

    /// Those of some explanations that stand, in the order given: none that was replaced, and none that has not taken
    /// the place of what stood before it.
    package func standing(among explanations: [Explanation]) -> [Explanation] {
        explanations.filter { !isPast($0.job, by: $0.node) }
    }

    /// The latest score of each explanation that stands by each node, and the latest control of each latent, in the
    /// order given.
    ///
    /// Earlier rounds, and the scores of what does not stand, are history, never part of an aggregate.
    package func latest(among scores: [Score]) -> [Score] {
        var latest: [Subject: Int] = [:]
        for (index, score) in scores.enumerated() {
            // A control is scored with another latent's explanation, whatever has become of that.
            guard score.control != nil || !isPast(score.explanation, by: score.explainedBy) else { continue }
            // What decided a comparison is no headline.
            if let challenger = score.round?.contest,
                incumbents(of: score.explainedBy)?.countsScores(ofComparison: challenger) != true
            {
                continue
            }
            let subject = Subject(score)
            if let known = latest[subject], Self.isLater(scores[known], than: score) { continue }
            latest[subject] = index
        }
        return latest.values.sorted().map { scores[$0] }
    }

    /// Whether an explanation is known and does not stand.
    package func isPast(_ explanation: JobID, by explainer: String) -> Bool {
        incumbents(of: explainer)?.isPast(explanation) ?? false
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
        let ranks = (ScoreRank(one), ScoreRank(other))
        return ranks.0 == ranks.1 ? one.job > other.job : ranks.1 < ranks.0
    }
}
