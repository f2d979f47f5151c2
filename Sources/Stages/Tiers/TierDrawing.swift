package import Dataflow
package import Elements
package import Evidence
import Examples
import Inference
package import Scoring

/// Gives held-out sets the further tiers of negatives that a score node asks for.
package struct TierDrawing: Sendable {
    /// An explanation's latent and its held-out set.
    package typealias Subject = (explanation: Explanation, set: HeldOutSet)

    /// The nearest latents taken by each way of being near.
    package static let neighbours = 8
    /// The positives whose nearest windows make the semantic tier.
    package static let queries = 10

    /// The tiers, without the random one, which every set has.
    package let tiers: Set<NegativeTier>
    /// The most windows of each.
    package let count: Int
    package let overlap: HeldOut.Overlap
    package let seed: UInt64
    package let cache: NegativeTierCache
    package let pools: PoolCache
    /// The embedder of windows; needed only for the semantic tier.
    package let encoder: EmbeddingSource?
    package let tokenDecoder: any TokenDecoder
    package let compute: ComputePool<Void>
    package let width: Int
    package let timers: StageTimers

    package init(
        tiers: Set<NegativeTier>, count: Int, overlap: HeldOut.Overlap, seed: UInt64, cache: NegativeTierCache,
        pools: PoolCache, encoder: EmbeddingSource?, tokenDecoder: any TokenDecoder, compute: ComputePool<Void>,
        width: Int,
        timers: StageTimers
    ) {
        self.tiers = tiers
        self.count = count
        self.overlap = overlap
        self.seed = seed
        self.cache = cache
        self.pools = pools
        self.encoder = encoder
        self.tokenDecoder = tokenDecoder
        self.compute = compute
        self.width = width
        self.timers = timers
    }

    /// The sets with their tiers, in order; `nil` if the run was told to stop before they were drawn.
    ///
    /// - Throws: `InferenceError` if the encoder's endpoint fails, `CoderError` if a decoder cannot be read.
    package func filled(_ subjects: [Subject], on update: EvidenceUpdate) async throws -> [HeldOutSet]? {
        guard !subjects.isEmpty else { return [] }
        let view = try await cache.view(of: update, pools: pools)
        var near: [Int: [Int]] = [:]
        if tiers.contains(.neighbour), let directions = cache.directions {
            near = try await compute.run { _ in try directions.neighbours(of: subjects.map(\.explanation.latent)) }
        }
        var index: SemanticIndex?
        var queries = [[TextEmbedding]](repeating: [], count: subjects.count)
        if tiers.contains(.semantic), let encoder {
            index = try await cache.index(of: view, update, by: encoder, tokenDecoder: tokenDecoder)
            if index == nil { return nil }
            queries = try await meanings(of: subjects, by: encoder)
        }
        let (nearest, meanings, meaning) = (near, queries, index)
        return try await compute.spread(Array(subjects.indices), over: width, timers: timers) { part in
            part.map { place in
                let subject = subjects[place]
                var set = subject.set
                set.tiers = draws(
                    for: subject, of: update.view, view: view, near: nearest[subject.explanation.latent] ?? [],
                    similarities: meaning?.similarities(of: meanings[place]))
                return set
            }
        }
    }

    /// A node's leases of what it draws from besides the pool, of which every score node has a lease.
    package func leases() -> [Lease] { [cache.lease(), encoder?.lease()].compactMap(\.self) }

    private func draws(
        for subject: Subject, of evidence: any EvidenceView, view: NegativeTierCache.View, near: [Int],
        similarities: Matrix?
    ) -> [NegativeTier: TierDraw] {
        let latent = subject.explanation.latent
        let own = evidence.evidence(of: latent)
        let identities = Set(subject.explanation.provenance.shown)
        let shown = (own.train + own.top).map(\.window).filter { identities.contains($0.identity) }
        let others = identities.subtracting(shown.map(\.identity)).sorted().compactMap { view.pooled[$0] }
        let request = TierRequest(
            count: max(count, NegativeTier.fewest), seed: seed, shown: shown + others, overlap: overlap)
        var draws: [NegativeTier: TierDraw] = [:]
        for tier in tiers {
            switch tier {
            case .random: continue
            case .lexical: draws[tier] = view.tiers.lexical(for: own, request)
            case .neighbour:
                let cofiring = view.cofiring.neighbours(of: latent, count: Self.neighbours).map(\.latent)
                draws[tier] = view.tiers.neighbour(for: latent, near: Self.inTurn(cofiring, near), request)
            case .semantic:
                draws[tier] = similarities.map { view.tiers.semantic(for: latent, similarities: $0, request) }
            }
        }
        return draws
    }

    /// The elements of two lists in turn, each once.
    package static func inTurn(_ first: [Int], _ second: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return (0..<max(first.count, second.count)).flatMap { place in
            [first, second].compactMap { place < $0.count ? $0[place] : nil }
        }.filter { seen.insert($0).inserted }
    }

    /// For each subject the vectors of a few windows in which its latent fires, from all blocks of rank.
    private func meanings(of subjects: [Subject], by encoder: EmbeddingSource) async throws -> [[TextEmbedding]] {
        let texts = subjects.map { subject in
            RankBlocks(of: subject.set.positives, count: Self.queries)
                .choose(Self.queries, latent: subject.explanation.latent, seed: seed)
                .map { EmbeddingTask.text(of: $0.example.window, tokenDecoder) }
        }
        let embeddings = try await encoder.embeddings(of: texts.flatMap(\.self))
        var start = 0
        return texts.map { texts in
            defer { start += texts.count }
            return Array(embeddings[start..<start + texts.count])
        }
    }
}

extension TierDrawing? {
    /// The sets unchanged if no further tier is asked for; otherwise as filled by `TierDrawing.filled`.
    package func filled(
        _ explanations: [Explanation], _ sets: [HeldOutSet], on update: EvidenceUpdate
    ) async throws -> [HeldOutSet]? {
        guard let self else { return sets }
        return try await self.filled(zip(explanations, sets).map { ($0, $1) }, on: update)
    }
}
