import Elements
import Hashing

/// All that a view hands out, so that whole reservoirs can be compared by content.
struct EvidenceContent: Hashable {
    var latents: [LatentEvidence]
    var pool: [PoolWindow]
    let digest: Hash128
    var totals: StreamTotals
    var breakdown: StreamBreakdown
    var breakdowns: [FiringBreakdown]

    init(_ view: any EvidenceView) {
        latents = (0..<view.coder.latents).map { view.evidence(of: $0) }
        pool = view.pool
        digest = view.digest
        totals = view.totals
        breakdown = view.breakdown
        breakdowns = (0..<view.coder.latents).map { view.breakdown(of: $0) }
    }

    /// The content without what counts every occurrence.
    var withoutCounts: EvidenceContent {
        var copy = self
        copy.totals = StreamTotals()
        copy.breakdown = StreamBreakdown()
        copy.breakdowns = []
        copy.latents = latents.map {
            LatentEvidence(
                latent: $0.latent, statistics: EvidenceContent.noCounts, train: $0.train, top: $0.top, test: $0.test,
                recent: $0.recent)
        }
        return copy
    }

    /// The content without what the digest leaves out: counts and documents.
    var digested: EvidenceContent {
        func bare(_ examples: [Example]) -> [Example] {
            examples.map { Example(window: $0.window, activations: $0.activations) }
        }
        var copy = withoutCounts
        copy.latents = copy.latents.map {
            LatentEvidence(
                latent: $0.latent, statistics: $0.statistics, train: bare($0.train), top: bare($0.top),
                test: bare($0.test), recent: bare($0.recent))
        }
        copy.pool = pool.map {
            PoolWindow(window: $0.window, latents: $0.latents, isTrain: $0.isTrain, isTest: $0.isTest)
        }
        return copy
    }

    static let noCounts = LatentStatistics(
        tokensFired: 0, windowsFired: 0, sum: 0, sumOfSquares: 0, maximum: 0,
        histogram: [UInt64](repeating: 0, count: 32))
}
