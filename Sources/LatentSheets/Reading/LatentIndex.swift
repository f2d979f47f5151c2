package import Elements
import Hashing
import Lineage
package import Store

/// One line about each latent of a state: what lists, searches and counts are made of.
package struct LatentIndex: Sendable {
    /// The latents, by coder in the order of the topology and by number.
    package let rows: [LatentRow]
    /// The number of the last event that it rests on.
    package let cursor: Int64
    /// The names of coders with random directions.
    package let controls: Set<String>

    /// Reads all results of a state; blocks.
    ///
    /// - Parameters:
    ///   - coders: The coders, in the order of the topology.
    ///   - evidence: What a coder's reservoir holds; `nil` if that is not known.
    ///   - staleness: Finds what is due to be explained again; one that has been used before looks at less.
    package init(
        store: any StoreReading, coders: [any CoderKnowledge],
        evidence: (_ coder: String) -> EvidenceUpdate?, staleness: StalenessFinder = StalenessFinder()
    ) throws {
        // Before the results: an event that comes between them makes the next index a new one.
        cursor = try store.latestCursor()
        let every = try store.scores()
        let standing = StandingResults(
            explanations: try store.explanations(), scores: every, choices: try store.choices().map(\.choice))
        let pasts = standing.pasts(scores: every, pinned: try store.pins())
        let explanations = Dictionary(grouping: standing.explanations) {
            LatentKey(coder: $0.coder.name, latent: $0.latent)
        }
        let scores = Dictionary(grouping: standing.scores) { LatentKey(coder: $0.coder.name, latent: $0.latent) }
        var waiting: [LatentKey: Set<JobKind>] = [:]
        for key in try store.unfinishedKeys(in: .open) { waiting[key.latent, default: []].insert(key.kind) }
        let failed = Set(try store.unfinishedKeys(in: .failed).map(\.latent))
        controls = Set(coders.filter(\.isRandom).map(\.identity.name))
        rows = coders.flatMap { coder in
            let update = evidence(coder.identity.name)
            let again = coder.reexplained
            return (0..<coder.identity.latents).map { latent in
                let key = LatentKey(coder: coder.identity.name, latent: latent)
                let own = (explanations[key] ?? []).sorted(by: Explanation.reads(_:before:))
                let stale = update.flatMap { update in
                    own.reduce(nil as SheetStaleness?) {
                        $0 ?? staleness.staleness(of: $1, pasts, again, in: update.view)
                    }
                }
                return LatentRow(
                    key, explanations: own, scores: scores[key] ?? [], stale: stale,
                    waits: waiting[key] ?? [], hasFailed: failed.contains(key),
                    counts: update?.view.statistics(of: latent), tokens: update?.view.totals.tokens)
            }
        }
    }
}

/// One line about a latent.
package struct LatentRow: Sendable, Hashable, Codable {
    /// The coder.
    package var coder: String
    /// The latent.
    package var latent: Int
    /// How far it has come.
    package var state: LatentState
    /// Why an explanation of it is due to be made again, the first of those that are; `nil` if none is.
    package var stale: SheetStaleness?
    /// What is said of it: what a model wrote before what was counted; `nil` if nothing is.
    package var label: String?
    /// All that is said of it, by explain node.
    package var labels: [Label]
    /// Its scores: of each score node and each explain node the latest.
    package var scores: [RowScore]
    /// The share of tokens at which it fires; `nil` if no evidence is known.
    package var density: Double?
    /// Its largest activation; `nil` likewise.
    package var maximum: Double?
    /// Windows that are kept of it; `nil` if no evidence is known, and in an index.
    package var evidence: KeptWindows?
    /// When its first score, or else its first explanation, was made, RFC 3339; `nil` without either, and in an index.
    package var made: String?

    /// The uniform samples of a latent's windows.
    package struct KeptWindows: Sendable, Hashable, Codable {
        /// How many are kept, of the train and the test side.
        package var kept: Int
        /// How many a reservoir is asked for; `nil` if that is not known.
        package var asked: Int?
    }

    /// What one explain node says.
    package struct Label: Sendable, Hashable, Codable {
        /// The node.
        package var node: String
        /// The job that made it; `nil` from a daemon of an older version.
        package var job: String?
        /// What it says.
        package var text: String
    }

    /// A score in few words.
    package struct RowScore: Sendable, Hashable, Codable {
        /// The score node.
        package var node: String
        /// The explain node.
        package var explainedBy: String
        /// The score.
        package var score: SheetScore
    }

    /// Makes a row; explanations come in the order in which they are read.
    init(
        _ key: LatentKey, explanations: [Explanation], scores all: [Score], stale: SheetStaleness?,
        waits: Set<JobKind>, hasFailed: Bool, counts: LatentStatistics?, tokens: UInt64?
    ) {
        coder = key.coder
        latent = key.latent
        self.stale = stale
        labels = explanations.map { Label(node: $0.node, job: $0.job.description, text: $0.text) }
        label = labels.first { !$0.text.isEmpty }?.text
        let places = Dictionary(labels.enumerated().map { ($1.node, $0) }) { first, _ in first }
        let own = all.filter { $0.control == nil }.sorted {
            (places[$0.explainedBy] ?? .max, $0.node, $0.explainedBy)
                < (places[$1.explainedBy] ?? .max, $1.node, $1.explainedBy)
        }
        scores = own.map { score in
            var short = SheetScore(score, among: all)
            short.details = []
            return RowScore(node: score.node, explainedBy: score.explainedBy, score: short)
        }
        state = LatentState(
            hasScore: !own.isEmpty, hasExplanation: !explanations.isEmpty, isStale: stale != nil, waits: waits,
            hasFailed: hasFailed, tokensFired: counts?.tokensFired)
        density = counts.flatMap { counts in tokens.map { $0 > 0 ? Double(counts.tokensFired) / Double($0) : 0 } }
        maximum = counts.map { Double($0.maximum) }
    }

    /// The latent as results name it.
    package var key: LatentKey { LatentKey(coder: coder, latent: latent) }

    /// `coder/latent`.
    package var name: String { key.written }

    /// Its score by a score node, or by a method; `nil` if it has none with a number.
    package func score(by nodeOrMethod: String?) -> SheetScore? {
        scores.first { nodeOrMethod == nil || $0.node == nodeOrMethod || $0.score.method == nodeOrMethod }?.score
    }
}
