import Foundation

/// What an intervention does to the distribution of the next token.
public struct NextTokenShift: Sendable, Hashable {
    /// The Kullback–Leibler divergence from the clean distribution p to the changed one q, Σ p · (ln p − ln q), in nats.
    public let divergence: Double
    /// The tokens whose probability rises most, the largest rise first (ties: lowest id); none that does not rise.
    public let rising: [UInt32]

    /// Compares the logits `[vocabulary]` without and with the intervention; `nil` if they differ in number or have no maximum.
    ///
    /// A divergence of distributions that rule out each other's tokens is infinite. `rising` is the most tokens wanted.
    public init?(clean: [Float], changed: [Float], rising count: Int = 0) {
        guard clean.count == changed.count, let p = Self.normalizer(clean), let q = Self.normalizer(changed) else {
            return nil
        }
        var sum = 0.0
        // By descending rise; the least of those found so far is the last.
        var best: [(rise: Double, token: Int)] = []
        for token in clean.indices {
            let logP = Double(clean[token]) - p
            let logQ = Double(changed[token]) - q
            let probability = exp(logP)
            if probability > 0 { sum += probability * (logP - logQ) }
            guard count > 0 else { continue }
            let rise = exp(logQ) - probability
            guard rise > 0, best.count < count || rise > best[best.count - 1].rise else { continue }
            let place = best.firstIndex { $0.rise < rise } ?? best.count
            best.insert((rise, token), at: place)
            if best.count > count { best.removeLast() }
        }
        guard !sum.isNaN else { return nil }
        // Rounding alone brings it below.
        divergence = max(sum, 0)
        rising = best.map { UInt32(truncatingIfNeeded: $0.token) }
    }

    /// The logarithm of the sum of the exponentials; `nil` if the largest logit is not finite or one is no number.
    private static func normalizer(_ logits: [Float]) -> Double? {
        guard let largest = logits.max(), largest.isFinite else { return nil }
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
        return sum.isNaN ? nil : Double(largest) + log(sum)
    }
}
