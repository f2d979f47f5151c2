package import Elements

/// What an overview counts, found without an index: how far latents have come, and how scores are spread.
package struct StateSummary: Sendable, Hashable {
    /// The coders, in the order of the topology.
    package let coders: [Overview.Coder]
    /// The scores, by score node and explain node.
    package let scores: [Overview.Scores]

    /// Sums up what has been read.
    package init(
        _ stored: StoredRows, unfinished: UnfinishedJobs, coders: [any CoderKnowledge],
        evidence: (_ coder: String) -> EvidenceUpdate?, staleness: StalenessFinder
    ) {
        var rows: [LatentRow] = []
        self.coders = coders.map { coder in
            let states = CoderStates(
                of: coder, stored: stored, unfinished: unfinished, update: evidence(coder.identity.name),
                staleness: staleness)
            rows += states.rows
            var counts = StateCounts()
            states.forEach { counts.count($0.state) }
            return Overview.Coder(coder, tokens: states.tokens, counts)
        }
        scores = Overview.Scores.all(of: rows, controls: Set(coders.filter(\.isRandom).map(\.identity.name)))
    }
}
