import Elements
import Hashing

/// A hash over the counts of latents, in their order, and over those of the stream by position and source.
struct CountsHasher {
    private var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_756e_7473), wide: true)

    mutating func update(_ statistics: LatentStatistics) {
        hasher.update(statistics.tokensFired)
        hasher.update(statistics.windowsFired)
        hasher.update(statistics.sum.bitPattern)
        hasher.update(statistics.sumOfSquares.bitPattern)
        hasher.update(statistics.maximum.bitPattern)
        statistics.histogram.withUnsafeBufferPointer { hasher.update(words: $0) }
    }

    mutating func update(_ breakdown: FiringBreakdown) {
        breakdown.byPosition.withUnsafeBufferPointer { hasher.update(words: $0) }
        breakdown.bySource.withUnsafeBufferPointer { hasher.update(words: $0) }
    }

    mutating func update(_ breakdown: StreamBreakdown) {
        for count in breakdown.tokensByPosition { hasher.update(count) }
        for source in breakdown.sources {
            hasher.update(text: source.name)
            hasher.update(source.tokens)
            hasher.update(source.contexts)
        }
    }

    var digest: String {
        let copy = hasher
        return copy.finalize128().description
    }
}
