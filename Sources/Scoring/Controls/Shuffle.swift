public import Elements
import Hashing

/// Gives each latent the explanation of another one: the control that says what a method gives for nothing.
public enum Shuffle {
    /// The control's name.
    public static let name = "shuffled"

    /// A latent's own explanation and the other one that it is given.
    public struct Pair: Sendable, Hashable {
        /// The explanation of the latent on whose windows the other one is scored.
        public let own: Explanation
        /// The explanation of another latent.
        public let other: Explanation

        /// Makes a pair; with the same explanation twice it stands for the score that a control is a control of.
        public init(own: Explanation, other: Explanation) {
            self.own = own
            self.other = other
        }
    }

    /// Pairs the explanations of one explainer, one for each latent, in an order that looks random.
    ///
    /// The latents stand in a ring in the order of their keyed hashes and each gets the explanation of the next: every
    /// explanation is given away once and none to its own latent. The pairs depend on the seed and the explanations
    /// alone, not on the order in which these came. A pair of equal texts or equal predicates is left out, since nothing is shuffled by it.
    public static func pairs(of explanations: [Explanation], seed: UInt64) -> [Pair] {
        latentPairs(of: explanations, seed: seed).filter { pair in
            let isSame = pair.own.text == pair.other.text
            return !isSame && (pair.own.predicate == nil || pair.own.predicate != pair.other.predicate)
        }
    }

    /// The same pairs whatever was said of the latents: for scores of what latents do.
    public static func latentPairs(of explanations: [Explanation], seed: UInt64) -> [Pair] {
        let ring = ring(of: explanations, seed: seed)
        return ring.indices.compactMap { index in
            let (own, other) = (ring[index], ring[(index + 1) % ring.count])
            return own.latent == other.latent ? nil : Pair(own: own, other: other)
        }
    }

    /// Explanations in the order of keyed hashes of their latents (ties: by latent and job).
    public static func ring(of explanations: [Explanation], seed: UInt64) -> [Explanation] {
        let key = SipKey(seed: seed, purpose: 0x7368_7566)
        func rank(_ explanation: Explanation) -> UInt64 {
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(Int64(explanation.latent))
            return hasher.finalize64()
        }
        return explanations.map { (rank($0), $0) }
            .sorted { ($0.0, $0.1.latent, $0.1.job) < ($1.0, $1.1.latent, $1.1.job) }.map(\.1)
    }
}
