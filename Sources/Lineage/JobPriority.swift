import Elements
import Hashing

/// In which order latents are worked on, so that under a budget those that matter come first.
///
/// The firing mass of a latent is the sum of its activations over every token read: what it has added to the model's
/// stream. Tokens fired would put latents first that are always a little on. Of equals the lower latent comes first.
package struct JobPriority: Sendable, Hashable {
    /// What comes first.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The largest firing mass.
        case firing
        /// The least firing mass.
        case rarest
        /// The lowest standing score, the lowest of several score nodes'; what has none comes after that, by firing mass.
        case worst
        /// A hash of the latent under the node's seed.
        case random
    }

    package let rule: Rule
    private let key: SipKey

    /// Makes a priority; `seed` decides where chance does.
    package init(_ rule: Rule = .firing, seed: UInt64 = 0) {
        self.rule = rule
        // "priority" in ASCII: keeps the order independent of what else is drawn from the seed.
        key = SipKey(seed: seed, purpose: 0x7072_696f_7269_7479)
    }

    /// What a latent is worth: more is first.
    ///
    /// - Parameters:
    ///   - firingMass: The sum of its activations.
    ///   - score: The score of what is worked on; `nil` if it has none.
    package func worth(of latent: Int, firingMass: Double, score: @autoclosure () -> Double?) -> Double {
        let mass = firingMass.isFinite ? max(firingMass, 0) : 0
        switch rule {
        case .firing: return mass
        case .rarest: return -mass
        case .worst:
            // Scores lie within -1 and 1: all that have one come before all that have none.
            guard let score = score() else { return -1 / (1 + mass) }
            return 2 - min(max(score, -1), 1)
        case .random:
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(UInt64(bitPattern: Int64(latent)))
            return Double(hasher.finalize64() >> 11)
        }
    }
}

extension JobPriority {
    /// Items in the order of their worth, then by latent; those of one latent that are worth the same keep their order.
    package func sorted<Item>(
        _ items: [Item], latent: (Item) -> Int, worth: (Item) -> Double
    ) -> [Item] {
        let ranked = items.enumerated().map { (worth: worth($1), latent: latent($1), place: $0, item: $1) }
        return ranked.sorted { ($1.worth, $0.latent, $0.place) < ($0.worth, $1.latent, $1.place) }.map(\.item)
    }
}
