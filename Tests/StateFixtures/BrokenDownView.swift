package import Elements
package import Hashing

/// The view of a reservoir whose counts a test gives, without any window.
package struct BrokenDownView: EvidenceView {
    package var coder: CoderIdentity
    package var totals: StreamTotals
    package var digest = Hash128(high: 3, low: 4)
    package let pool: [PoolWindow] = []
    package var breakdown: StreamBreakdown
    /// By latent; tokens fired at are the sums of the positions.
    package var firing: [FiringBreakdown]
    /// By latent, in place of what follows from `firing`.
    package var counts: [Int: LatentStatistics] = [:]

    /// Makes a view of as many latents as there are rows of counts, by bin of position and by source.
    package init(
        positions: [UInt64] = [], sources: [SourceTotals] = [], firing: [(positions: [UInt64], sources: [UInt64])]
    ) {
        coder = CoderIdentity(
            name: "codes", hookpoint: "layers.1", latents: firing.count, digest: Hash128(high: 1, low: 2))
        breakdown = StreamBreakdown(tokensByPosition: positions, sources: sources)
        totals = StreamTotals(tokens: positions.reduce(0, +), contexts: 8, windows: 32, shortWindows: 1)
        self.firing = firing.map { FiringBreakdown(byPosition: $0.positions, bySource: $0.sources) }
    }

    package func statistics(of latent: Int) -> LatentStatistics {
        counts[latent]
            ?? LatentStatistics(
                tokensFired: firing[latent].byPosition.reduce(0, +), windowsFired: 1, sum: 1, sumOfSquares: 1,
                maximum: 1, histogram: [])
    }

    package func evidence(of latent: Int) -> LatentEvidence {
        LatentEvidence(latent: latent, statistics: statistics(of: latent), train: [], top: [], test: [], recent: [])
    }

    package func breakdown(of latent: Int) -> FiringBreakdown { firing[latent] }
}
