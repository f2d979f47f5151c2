public import Hashing

/// An order of windows that looks random and depends on the seed, the latent and each window alone.
///
/// No generator is shared, so neither concurrency nor the other windows at hand change where a window stands.
public struct SeededOrder: Sendable {
    /// The purpose of an order; orders for different ends are independent.
    public enum Purpose: UInt64, Sendable {
        /// Choosing examples of a latent.
        case examples = 0x6578
        /// Choosing negatives of a latent.
        case negatives = 0x6e65
        /// Pairing and placing marks.
        case marks = 0x6d61
        /// The order of questions in a set.
        case questions = 0x7175
        /// Where among others a window is put.
        case places = 0x706c
    }

    private let key: SipKey

    /// Makes an order.
    public init(seed: UInt64, purpose: Purpose) {
        key = SipKey(seed: seed, purpose: purpose.rawValue)
    }

    /// Where a window stands: the 64-bit SipHash of the latent (eight bytes), the identity's halves and `variant`.
    public func rank(latent: Int, identity: Hash128, variant: UInt64 = 0) -> UInt64 {
        var hasher = SipHasher(key: key, wide: false)
        hasher.update(Int64(latent))
        hasher.update(identity.high)
        hasher.update(identity.low)
        hasher.update(variant)
        return hasher.finalize64()
    }

    /// Elements in ascending rank of their identities (ties: by identity).
    public func sorted<Element>(
        _ elements: [Element], latent: Int, variant: UInt64 = 0, identity: (Element) -> Hash128
    ) -> [Element] {
        elements.map { (rank(latent: latent, identity: identity($0), variant: variant), identity($0), $0) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }
}
