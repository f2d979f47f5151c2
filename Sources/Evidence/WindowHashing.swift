public import Hashing

/// The seed-keyed hashes that give a window its identity and priority and a document its side.
public struct WindowHashing: Sendable, Hashable {
    private let identityKey: SipKey
    private let priorityKey: SipKey
    private let sideKey: SipKey

    /// Derives the three keys from a topology's seed.
    public init(seed: UInt64) {
        identityKey = SipKey(seed: seed, purpose: 1)
        priorityKey = SipKey(seed: seed, purpose: 2)
        sideKey = SipKey(seed: seed, purpose: 3)
    }

    /// The identity of a window: SipHash-2-4-128 of its token ids, four little-endian bytes each.
    public func identity(of tokens: ArraySlice<UInt32>) -> Hash128 {
        SipHasher.hash128(tokens: tokens, key: identityKey)
    }

    /// The priority of a window: SipHash-2-4-64 of its identity's sixteen bytes.
    public func priority(of identity: Hash128) -> UInt64 {
        var hasher = SipHasher(key: priorityKey, wide: false)
        hasher.update(identity.low)
        hasher.update(identity.high)
        return hasher.finalize64()
    }

    /// Whether a document's windows are on the test side: the lowest bit of SipHash-2-4-64 of its hash.
    public func isTest(document: Hash128) -> Bool {
        var hasher = SipHasher(key: sideKey, wide: false)
        hasher.update(document.low)
        hasher.update(document.high)
        return hasher.finalize64() & 1 == 1
    }
}
