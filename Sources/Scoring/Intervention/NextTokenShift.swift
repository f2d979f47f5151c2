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
        // By descending rise; the least of those found so far is the last.
        var best: [(rise: Double, token: Int)] = []
        let divergence = Self.divergence(from: clean, to: changed) { token, logP, logQ in
            guard count > 0 else { return }
            let rise = exp(logQ) - exp(logP)
            guard rise > 0, best.count < count || rise > best[best.count - 1].rise else { return }
            let place = best.firstIndex { $0.rise < rise } ?? best.count
            best.insert((rise, token), at: place)
            if best.count > count { best.removeLast() }
        }
        guard let divergence else { return nil }
        self.divergence = divergence
        rising = best.map { UInt32(truncatingIfNeeded: $0.token) }
    }

    /// The divergence between logits; `each` is given every token with both of its log-probabilities.
    ///
    /// `nil` if the logits differ in number or have no maximum.
    static func divergence(
        from clean: [Float], to changed: [Float], each: (_ token: Int, _ logP: Double, _ logQ: Double) -> Void
    ) -> Double? {
        guard clean.count == changed.count, let p = normalizer(clean), let q = normalizer(changed) else { return nil }
        var sum = 0.0
        for token in clean.indices {
            let logP = Double(clean[token]) - p
            let logQ = Double(changed[token]) - q
            let probability = exp(logP)
            if probability > 0 { sum += probability * (logP - logQ) }
            each(token, logP, logQ)
        }
        // Rounding alone brings it below.
        return sum.isNaN ? nil : max(sum, 0)
    }

    /// The logarithm of the sum of the exponentials; `nil` if the largest logit is not finite or one is no number.
    private static func normalizer(_ logits: [Float]) -> Double? {
        guard let largest = logits.max(), largest.isFinite else { return nil }
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
        return sum.isNaN ? nil : Double(largest) + log(sum)
    }
}
