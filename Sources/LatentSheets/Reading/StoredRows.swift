import Dataflow
package import Elements
import Hashing
import Lineage
import Scoring
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

    /// The latents whose results are in memory at once, of each core: of a million they would not fit.
    private static let block = 4096
    /// The latents that are asked for by their numbers at once.
    private static let asked = 512

    /// Reads all results of a state, by all cores; blocks.
    package init(store: any StoreReading) throws { try self.init(store: store, block: Self.block) }

    /// The same with the results of so many latents in memory at once.
    init(store: any StoreReading, block: Int) throws {
        // Before the results: what comes between them is read again the next time.
        cursor = try store.latestCursor()
        pinned = try store.pins()
        (rows, pasts) = ([:], [:])
        let pinned = pinned
        let pieces = try store.latentRanges(of: block).map { range -> @Sendable () throws -> StandingRows in
            { try StandingRows(of: range, in: try store.beside(), pinned: pinned) }
        }
        let parts = try concurrently(pieces)
        for part in parts {
            for row in part.rows { rows[row.coder, default: []].append(row) }
            add(part.pasts)
        }
    }

    /// The rows of a coder's latents, by their numbers.
    func rows(of coder: CoderIdentity) -> [LatentRow] {
        (rows[coder.name] ?? []).filter { (0..<max(0, coder.latents)).contains($0.latent) }
    }

    /// What is stored by now, for which the latents of later events are read; blocks.
    ///
    /// - Returns: `nil` if it has to be read as a whole: after many events, after a pin, and of joined shares, whose events have numbers of
    ///   their own.
    package func updated(from store: any StoreReading) throws -> StoredRows? {
        guard (store as? StoreReader)?.shares.isEmpty ?? true, try store.pins() == pinned else { return nil }
        let changed = try store.latentsWithEvents(after: cursor)
        let keys = changed.latents
        guard keys.count <= 64 || 4 * keys.count <= rows.values.reduce(0, { $0 + $1.count }) else { return nil }
        let pinned = pinned
        let pieces = stride(from: 0, to: keys.count, by: Self.asked).map {
            start -> @Sendable () throws -> StandingRows in
            let block = Array(keys[start..<min(start + Self.asked, keys.count)])
            return { try StandingRows(about: block, in: try store.beside(), pinned: pinned) }
        }
        let found = try concurrently(pieces)
        var updated = self
        updated.cursor = changed.cursor
        updated.replace(keys, by: found.flatMap(\.rows))
        for part in found { updated.add(part.pasts) }
        return updated
    }

    /// Puts new rows in the place of those of some latents, which come by coder and number as all rows do.
    private mutating func replace(_ keys: [LatentKey], by rows: [LatentRow]) {
        let (latents, new) = (Dictionary(grouping: keys, by: \.coder), Dictionary(grouping: rows, by: \.coder))
        for (coder, keys) in latents {
            var (left, added) = (keys[...], (new[coder] ?? [])[...])
            var merged: [LatentRow] = []
            let old = self.rows.removeValue(forKey: coder) ?? []
            merged.reserveCapacity(old.count + added.count)
            for row in old {
                while let first = added.first, first.latent < row.latent { merged.append(added.removeFirst()) }
                while let first = left.first, first.latent < row.latent { left.removeFirst() }
                guard left.first?.latent == row.latent else {
                    merged.append(row)
                    continue
                }
                for label in row.labels { pasts[label.node]?[row.latent] = nil }
            }
            self.rows[coder] = merged + added
        }
    }

    private mutating func add(_ new: ExplanationPasts) {
        for (node, own) in new { pasts[node, default: [:]].merge(own) { _, new in new } }
    }
}

/// The rows of some latents by all that was ever stored of them.
private struct StandingRows {
    /// By coder and number.
    let rows: [LatentRow]
    let pasts: ExplanationPasts

    /// What is read of results: of details what rows and choices rest on.
    private static let parts = ResultParts.lines(
        details: ResultParts.Details(
            Lineage.scoreDetails.union(ScoringMethods.all.flatMap { $0.scale.constantDetails }),
            compared: Lineage.comparedDetails))

    /// Reads what is stored of some latents; blocks.
    init(about keys: [LatentKey], in store: any StoreReading, pinned: Set<JobID>) throws(StoreError) {
        self.init(
            explanations: try store.explanations(about: keys, parts: Self.parts),
            scores: try store.scores(about: keys, parts: Self.parts), choices: try store.choices(about: keys),
            pinned: pinned)
    }

    /// Reads what is stored of a range of latents; blocks.
    init(of range: LatentRange, in store: any StoreReading, pinned: Set<JobID>) throws(StoreError) {
        self.init(
            explanations: try store.explanations(in: range, parts: Self.parts),
            scores: try store.scores(in: range, parts: Self.parts), choices: try store.choices(in: range),
            pinned: pinned)
    }

    private init(explanations: [Explanation], scores every: [Score], choices: [StoredChoice], pinned: Set<JobID>) {
        let standing = StandingResults(explanations: explanations, scores: every, choices: choices.map(\.choice))
        pasts = standing.pasts(scores: every, pinned: pinned)
        let explanations = Dictionary(grouping: standing.explanations) {
            LatentKey(coder: $0.coder.name, latent: $0.latent)
        }
        let scores = Dictionary(grouping: standing.scores) { LatentKey(coder: $0.coder.name, latent: $0.latent) }
        let keys = Set(explanations.keys).union(scores.keys).sorted {
            ($0.coder, $0.latent) < ($1.coder, $1.latent)
        }
        rows = keys.map { key in
            let own = (explanations[key] ?? []).sorted(by: Explanation.reads(_:before:))
            return LatentRow(key, explanations: own, scores: scores[key] ?? [])
        }
    }
}
