import Elements
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
    private static let named = 20

    /// Sums up an index; `store` is asked for what failed.
    package init(
        _ index: LatentIndex, coders: [any CoderKnowledge], store: any StoreReading,
        tokens: (_ coder: String) -> UInt64?
    ) throws {
        self.coders = zip(coders, index.coders).map { coder, latents in
            var counts = StateCounts()
            for place in latents.places { counts.count(index.states[place]) }
            return Coder(coder, tokens: tokens(coder.identity.name), counts)
        }
        scores = Scores.all(of: index.stored, controls: index.controls)
        let own = index.coders.filter { !index.controls.contains($0.name) }.flatMap(\.places)
        func first(by order: LatentQuery.Order, isDescending: Bool) -> [LatentRow] {
            var query = LatentQuery()
            (query.order, query.isDescending) = (order, isDescending)
            return query.first(Self.listed, of: own, in: index).valued.map(index.row(at:))
        }
        attention = first(by: .attention, isDescending: false)
        best = first(by: .score, isDescending: true)
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
