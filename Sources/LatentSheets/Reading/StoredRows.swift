package import Elements
import Hashing
import Lineage
package import Store

/// What is stored of latents that have a result, before anything is known of their evidence.
///
/// Reading all of it takes longer than all else that an index is made of, so it is kept, and of what has been stored since only the
/// latents are read again that this is about.
package struct StoredRows: Sendable {
    /// The number of the last event that it rests on.
    package private(set) var cursor: Int64
    /// The explanations that are pinned.
    package let pinned: Set<JobID>
    /// By coder: the rows of latents that have an explanation or a score, by their numbers.
    private(set) var rows: [String: [LatentRow]]
    /// What decides whether explanations are due to be made again.
    private(set) var pasts: ExplanationPasts

    /// The events of which latents are read again: more of them take as long as all results.
    private static let mostEvents = 10_000

    /// Reads all results of a state; blocks.
    package init(store: any StoreReading) throws(StoreError) {
        // Before the results: an event that comes between them makes the next reading a new one.
        cursor = try store.latestCursor()
        pinned = try store.pins()
        let standing = StandingRows(
            explanations: try store.explanations(), scores: try store.scores(), choices: try store.choices(),
            pinned: pinned)
        rows = Dictionary(grouping: standing.rows, by: \.coder)
        pasts = standing.pasts
    }

    /// The rows of a coder's latents, by their numbers.
    func rows(of coder: CoderIdentity) -> [LatentRow] {
        (rows[coder.name] ?? []).filter { (0..<max(0, coder.latents)).contains($0.latent) }
    }

    /// What is stored by now, for which the latents of later events are read; blocks.
    ///
    /// - Returns: `nil` if it has to be read as a whole: after many events, after a pin, and of joined shares, whose events have numbers of
    ///   their own.
    package func updated(from store: any StoreReading) throws(StoreError) -> StoredRows? {
        guard (store as? StoreReader)?.shares.isEmpty ?? true, try store.pins() == pinned else { return nil }
        let events = try store.events(after: cursor, limit: Self.mostEvents)
        guard events.count < Self.mostEvents else { return nil }
        let keys = Set(
            events.filter { $0.type != .failure }.map { LatentKey(coder: $0.subject.coder, latent: $0.subject.latent) })
        // A question for each latent takes a few times as long as its part of one for all.
        guard keys.count <= 64 || 4 * keys.count <= rows.values.reduce(0, { $0 + $1.count }) else { return nil }
        var all: (explanations: [Explanation], scores: [Score], choices: [StoredChoice]) = ([], [], [])
        for key in keys.sorted(by: { ($0.coder, $0.latent) < ($1.coder, $1.latent) }) {
            all.explanations += try store.explanations(coder: key.coder, latent: key.latent)
            all.scores += try store.scores(coder: key.coder, latent: key.latent)
            all.choices += try store.choices(latent: key)
        }
        let standing = StandingRows(
            explanations: all.explanations, scores: all.scores, choices: all.choices, pinned: pinned)
        var updated = self
        updated.cursor = events.last?.cursor ?? cursor
        updated.replace(keys, by: standing)
        return updated
    }

    private mutating func replace(_ keys: Set<LatentKey>, by standing: StandingRows) {
        let new = Dictionary(grouping: standing.rows, by: \.coder)
        for coder in Set(keys.map(\.coder)) {
            let (gone, kept) = (rows[coder] ?? []).reduce(into: ([LatentRow](), [LatentRow]())) { parts, row in
                if keys.contains(row.key) { parts.0.append(row) } else { parts.1.append(row) }
            }
            for row in gone { for label in row.labels { pasts[label.node]?[row.latent] = nil } }
            rows[coder] = (kept + (new[coder] ?? [])).sorted { $0.latent < $1.latent }
        }
        for (node, own) in standing.pasts { pasts[node, default: [:]].merge(own) { _, new in new } }
    }
}

/// The rows of some latents by all that was ever stored of them.
private struct StandingRows {
    /// By their numbers, and those of one coder in no order with those of another.
    let rows: [LatentRow]
    let pasts: ExplanationPasts

    init(explanations: [Explanation], scores every: [Score], choices: [StoredChoice], pinned: Set<JobID>) {
        let standing = StandingResults(explanations: explanations, scores: every, choices: choices.map(\.choice))
        pasts = standing.pasts(scores: every, pinned: pinned)
        let explanations = Dictionary(grouping: standing.explanations) {
            LatentKey(coder: $0.coder.name, latent: $0.latent)
        }
        let scores = Dictionary(grouping: standing.scores) { LatentKey(coder: $0.coder.name, latent: $0.latent) }
        rows = Set(explanations.keys).union(scores.keys).sorted { $0.latent < $1.latent }.map { key in
            let own = (explanations[key] ?? []).sorted(by: Explanation.reads(_:before:))
            return LatentRow(key, explanations: own, scores: scores[key] ?? [])
        }
    }
}
