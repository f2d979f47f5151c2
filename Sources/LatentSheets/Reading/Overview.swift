import Elements
import Hashing
import Statistics
package import Store

/// What a state holds, in one look: how far latents have come, how scores are spread, and what needs to be looked at.
package struct Overview: Sendable, Hashable, Codable {
    /// How far the latents of one coder have come.
    package struct Coder: Sendable, Hashable, Codable {
        /// The coder.
        package var coder: SheetCoder
        /// Tokens that its reservoir has seen; `nil` if that is not known.
        package var tokens: UInt64?
        /// Latents by state, in the order of the states; those of none are left out.
        package var states: [Count]
    }

    /// Latents in a state.
    package struct Count: Sendable, Hashable, Codable {
        /// The state.
        package var state: LatentState
        /// How many.
        package var count: Int
    }

    /// The scores of one score node on the explanations of one explain node.
    package struct Scores: Sendable, Hashable, Codable {
        /// The score node.
        package var node: String
        /// The explain node.
        package var explainedBy: String
        /// The method.
        package var method: String
        /// Whether the coder's directions are random.
        package var isControl: Bool
        /// Latents with a score.
        package var count: Int
        /// The mean of their headlines.
        package var mean: Double
        /// The median.
        package var median: Double
        /// What answers that know nothing give; `nil` if it is not known.
        package var chance: Double?
        /// The mean of the controls, such as other latents' explanations; `nil` if there are none.
        package var control: Double?
        /// Latents with such a control.
        package var controlled: Int
        /// The mean of the same method over random directions; `nil` if there are none, or it is of such itself.
        package var randomCoder: Double?
        /// Latents by score, in bars of equal width.
        package var histogram: [Bar]
    }

    /// Latents with a score from `lower` to below `upper`.
    package struct Bar: Sendable, Hashable, Codable {
        /// The least score.
        package var lower: Double
        /// What all are below; the last bar holds the largest score too.
        package var upper: Double
        /// The number of latents.
        package var count: Int
    }

    /// Jobs that were given up for one reason.
    package struct Failures: Sendable, Hashable, Codable {
        /// The node.
        package var node: String
        /// Why.
        package var reason: String
        /// How many.
        package var count: Int
        /// Some of the latents, as `coder/latent`.
        package var latents: [String]
    }

    /// The coders, in the order of the topology.
    package var coders: [Coder]
    /// The scores, by score node and explain node.
    package var scores: [Scores]
    /// The latents to be looked at first.
    package var attention: [LatentRow]
    /// The latents that score best.
    package var best: [LatentRow]
    /// Why jobs were given up, the commonest reason first.
    package var failures: [Failures]

    /// Latents listed as best and to be looked at.
    static let listed = 20
    private static let bars = 20
    private static let named = 20

    /// Sums up an index; `store` is asked for what failed.
    package init(
        _ index: LatentIndex, coders: [any CoderKnowledge], store: any StoreReading,
        tokens: (_ coder: String) -> UInt64?
    ) throws {
        let byCoder = Dictionary(grouping: index.rows, by: \.coder)
        self.coders = coders.map { coder in
            let states = Dictionary(grouping: byCoder[coder.identity.name] ?? [], by: \.state)
            return Coder(
                coder: SheetCoder(coder.identity, isRandom: coder.isRandom), tokens: tokens(coder.identity.name),
                states: LatentState.allCases.compactMap { state in
                    states[state].map { Count(state: state, count: $0.count) }
                })
        }
        scores = Self.scores(of: index)
        let own = index.rows.filter { !index.controls.contains($0.coder) }
        attention = Self.first(own, by: .attention, isDescending: false).filter {
            LatentQuery.need(of: $0, nil) != nil
        }
        best = Self.first(own, by: .score, isDescending: true).filter { $0.score(by: nil)?.headline != nil }
        failures = try Self.failures(in: store)
    }

    /// The same with no other latents in its lists than some.
    package func showing(_ latents: Set<LatentKey>) -> Overview {
        var overview = self
        func isShown(_ row: LatentRow) -> Bool { latents.contains(row.key) }
        overview.attention = attention.filter(isShown)
        overview.best = best.filter(isShown)
        return overview
    }

    private static func first(_ rows: [LatentRow], by order: LatentQuery.Order, isDescending: Bool) -> [LatentRow] {
        var query = LatentQuery()
        query.order = order
        query.isDescending = isDescending
        query.limit = listed
        return query.found(among: rows).rows
    }

    private static func scores(of index: LatentIndex) -> [Scores] {
        struct Key: Hashable { let node, explainedBy: String }
        var groups: [Key: [(row: LatentRow, score: SheetScore)]] = [:]
        for row in index.rows {
            for entry in row.scores where entry.score.headline != nil {
                groups[Key(node: entry.node, explainedBy: entry.explainedBy), default: []].append((row, entry.score))
            }
        }
        let random = Dictionary(
            grouping: groups.values.joined().filter { index.controls.contains($0.row.coder) }, by: \.score.method
        ).mapValues { entries in
            let values = entries.compactMap(\.score.headline?.value)
            return values.reduce(0, +) / Double(max(values.count, 1))
        }
        return groups.sorted { ($0.key.node, $0.key.explainedBy) < ($1.key.node, $1.key.explainedBy) }.compactMap {
            key, entries in
            let values = entries.compactMap(\.score.headline?.value).sorted()
            guard let first = entries.first, let least = values.first, let largest = values.last else { return nil }
            let controls = entries.compactMap(\.score.control?.value)
            let count = Double(values.count)
            return Scores(
                node: key.node, explainedBy: key.explainedBy, method: first.score.method,
                isControl: index.controls.contains(first.row.coder), count: values.count,
                mean: values.reduce(0, +) / count,
                median: Quantiles(values).median ?? 0,
                chance: first.score.chance,
                control: controls.isEmpty ? nil : controls.reduce(0, +) / Double(controls.count),
                controlled: controls.count,
                randomCoder: index.controls.contains(first.row.coder) ? nil : random[first.score.method],
                histogram: histogram(of: values, from: min(0, least), to: max(1, largest)))
        }
    }

    private static func histogram(of values: [Double], from least: Double, to largest: Double) -> [Bar] {
        let width = (largest - least) / Double(bars)
        var counts = [Int](repeating: 0, count: bars)
        // A value at the edge of a bar may come out a little below it.
        for value in values { counts[min(max(Int((value - least) / width + 1e-9), 0), bars - 1)] += 1 }
        return counts.enumerated().map { place, count in
            Bar(lower: least + width * Double(place), upper: least + width * Double(place + 1), count: count)
        }
    }

    /// Why jobs were given up, the commonest reason first; blocks.
    package static func failures(in store: any StoreReading) throws(StoreError) -> [Failures] {
        struct Key: Hashable { let node, reason: String }
        return Dictionary(grouping: try store.jobs(in: .failed)) { Key(node: $0.job.node, reason: $0.reason ?? "") }.map
        { key, jobs in
            Failures(
                node: key.node, reason: key.reason, count: jobs.count,
                latents: jobs.prefix(named).map { LatentKey(coder: $0.job.coder, latent: $0.job.latent).written })
        }.sorted { ($1.count, $0.node, $0.reason) < ($0.count, $1.node, $1.reason) }
    }
}
