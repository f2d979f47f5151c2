import Elements

/// Finds how far each latent of a coder has come, in one pass that takes no memory for a latent of which nothing is said.
struct CoderStates {
    /// What is found of one latent.
    struct Finding {
        let latent: Int
        let state: LatentState
        /// The place of its row among those that are stored; `nil` if it has none.
        let row: Int?
        /// Why an explanation of it is due to be made again, the first of those that are; `nil` if none is.
        let stale: SheetStaleness?
        /// How often it fired; `nil` if no evidence is known.
        let firing: LatentFiring?
    }

    private let coder: any CoderKnowledge
    /// The rows of its latents that are stored, by their numbers.
    let rows: [LatentRow]
    private let marks: [UnfinishedJobs.Marks]
    private let pasts: ExplanationPasts
    private let update: EvidenceUpdate?
    private let staleness: StalenessFinder

    init(
        of coder: any CoderKnowledge, stored: StoredRows, unfinished: UnfinishedJobs, update: EvidenceUpdate?,
        staleness: StalenessFinder
    ) {
        self.coder = coder
        rows = stored.rows(of: coder.identity)
        marks = unfinished.marks(of: coder.identity)
        pasts = stored.pasts
        self.update = update
        self.staleness = staleness
    }

    /// Tokens that its reservoir has seen; `nil` if no evidence is known.
    var tokens: UInt64? { update?.view.totals.tokens }

    /// Gives what is found of each latent, by their numbers.
    func forEach(_ body: (Finding) -> Void) {
        let again = coder.reexplained
        // The place of the first row that has not been given.
        var row = 0
        func find(_ latent: Int, _ firing: LatentFiring?) {
            if row < rows.count, rows[row].latent == latent {
                body(finding(row, firing, again))
                row += 1
            } else {
                body(
                    Finding(latent: latent, state: state(of: latent, firing), row: nil, stale: nil, firing: firing))
            }
        }
        var count = 0
        update?.view.forEachFiring { latent, firing in
            guard latent < marks.count else { return }
            find(latent, firing)
            count = latent + 1
        }
        let firing = update.map { _ in LatentFiring(tokens: 0, maximum: 0) }
        for latent in count..<marks.count { find(latent, firing) }
    }

    /// How far a latent without results has come.
    private func state(of latent: Int, _ firing: LatentFiring?) -> LatentState {
        let marks = marks[latent]
        // Nearly all of them, of which there may be millions.
        if marks.isEmpty { return firing?.tokens == 0 ? .dead : .collecting }
        return LatentState(
            hasScore: false, hasExplanation: false, isStale: false, waits: marks.waits,
            hasFailed: marks.contains(.failed), tokensFired: firing?.tokens)
    }

    private func finding(_ place: Int, _ firing: LatentFiring?, _ again: [String: Reexplaining]) -> Finding {
        let row = rows[place]
        let stale = update.flatMap { update in
            row.labels.reduce(nil as SheetStaleness?) { found, label in
                found ?? staleness.staleness(of: label.text, by: label.node, row.latent, pasts, again, in: update.view)
            }
        }
        let state = LatentState(
            hasScore: !row.scores.isEmpty, hasExplanation: !row.labels.isEmpty, isStale: stale != nil,
            waits: marks[row.latent].waits, hasFailed: marks[row.latent].contains(.failed),
            tokensFired: firing?.tokens)
        return Finding(latent: row.latent, state: state, row: place, stale: stale, firing: firing)
    }
}
