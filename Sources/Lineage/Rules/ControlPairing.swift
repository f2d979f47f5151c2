package import Elements
import Hashing

/// How the controls of a score node are made: who is scored on whose windows.
package enum ControlPairing: Sendable, Hashable {
    /// Each latent is given the explanation of another one.
    case explanations
    /// Each latent is given what another one does, whatever was said of the two.
    case latents
    /// Each latent stands for itself; the control is in what is asked.
    case itself

    /// The pairs of the explanations of one explainer.
    package func pairs(of explanations: [Explanation], seed: UInt64) -> [ControlPair] {
        switch self {
        case .explanations: ControlPair.shuffled(explanations, seed: seed)
        case .latents: ControlPair.shuffledLatents(explanations, seed: seed)
        case .itself: ControlPair.ring(of: explanations, seed: seed).map { ControlPair(own: $0, other: $0) }
        }
    }
}

/// A latent's own explanation and the other one that it is given.
package struct ControlPair: Sendable, Hashable {
    /// The explanation of the latent on whose windows the other one is scored.
    package let own: Explanation
    /// The explanation of another latent.
    package let other: Explanation

    /// Makes a pair; with the same explanation twice it stands for the score that a control is a control of.
    package init(own: Explanation, other: Explanation) {
        self.own = own
        self.other = other
    }

    /// Pairs the explanations of one explainer, one for each latent, in an order that looks random.
    ///
    /// The latents stand in a ring in the order of their keyed hashes and each gets the explanation of the next: every
    /// explanation is given away once and none to its own latent. The pairs depend on the seed and the explanations
    /// alone, not on the order in which these came. A pair of equal texts or equal predicates is left out, since
    /// nothing is shuffled by it.
    package static func shuffled(_ explanations: [Explanation], seed: UInt64) -> [ControlPair] {
        shuffledLatents(explanations, seed: seed).filter { pair in
            let isSame = pair.own.text == pair.other.text
            return !isSame && (pair.own.predicate == nil || pair.own.predicate != pair.other.predicate)
        }
    }

    /// The same pairs whatever was said of the latents: for scores of what latents do.
    package static func shuffledLatents(_ explanations: [Explanation], seed: UInt64) -> [ControlPair] {
        let ring = ring(of: explanations, seed: seed)
        return ring.indices.compactMap { index in
            let (own, other) = (ring[index], ring[(index + 1) % ring.count])
            return own.latent == other.latent ? nil : ControlPair(own: own, other: other)
        }
    }

    /// Explanations in the order of keyed hashes of their latents (ties: by latent and job).
    package static func ring(of explanations: [Explanation], seed: UInt64) -> [Explanation] {
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
