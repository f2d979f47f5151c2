import Elements
import Hashing

/// All that a view hands out, so that whole reservoirs can be compared by content.
struct EvidenceContent: Hashable {
    var latents: [LatentEvidence]
    let pool: [PoolWindow]
    let digest: Hash128
    var totals: StreamTotals

    init(_ view: any EvidenceView) {
        latents = (0..<view.coder.latents).map { view.evidence(of: $0) }
        pool = view.pool
        digest = view.digest
        totals = view.totals
    }

    /// The content without what counts every occurrence.
    var withoutCounts: EvidenceContent {
        var copy = self
        copy.totals = StreamTotals()
        copy.latents = latents.map {
            LatentEvidence(
                latent: $0.latent, statistics: EvidenceContent.noCounts, train: $0.train, top: $0.top, test: $0.test,
                recent: $0.recent)
        }
        return copy
    }

    static let noCounts = LatentStatistics(
        tokensFired: 0, windowsFired: 0, sum: 0, sumOfSquares: 0, maximum: 0,
        histogram: [UInt64](repeating: 0, count: 32))
}
