package import Elements
package import Hashing

/// Evidence that a test makes up, latent by latent.
package struct FixedView: EvidenceView {
    package let coder: CoderIdentity
    package let totals: StreamTotals
    package let digest = Fixture.hash(5)
    package let pool: [PoolWindow]
    private let latents: [Int: LatentEvidence]

    package init(
        coder: CoderIdentity = Fixture.coder, totals: StreamTotals = .init(), pool: [PoolWindow] = [],
        _ latents: [LatentEvidence] = []
    ) {
        self.pool = pool
        self.coder = coder
        self.totals = totals
        self.latents = Dictionary(latents.map { ($0.latent, $0) }) { first, _ in first }
    }

    package func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }

    package func evidence(of latent: Int) -> LatentEvidence {
        let none = LatentStatistics(
            tokensFired: 0, windowsFired: 0, sum: 0, sumOfSquares: 0, maximum: 0, histogram: [0, 0])
        return latents[latent]
            ?? LatentEvidence(latent: latent, statistics: none, train: [], top: [], test: [], recent: [])
    }
}
