import Hashing

/// The latents of a coder that a node works on.
public enum LatentSelection: Sendable, Hashable {
    /// Every latent.
    case all
    /// Those listed.
    case list([Int])
    /// Those of a range.
    case range(Range<Int>)
    /// A uniform sample of `count` latents.
    case sample(count: Int, seed: UInt64)
    /// The `count` latents of the largest firing mass, which only evidence tells.
    case firing(count: Int)

    /// The most latents that can be selected of a coder that has `total`.
    public func mostLatents(of total: Int) -> Int {
        switch self {
        case .all: max(total, 0)
        case .range(let range): range.clamped(to: 0..<max(total, 0)).count
        case .sample(let count, _), .firing(let count): max(min(count, total), 0)
        case .list: latents(of: total).count
        }
    }

    /// The latents selected of a coder that has `total`, ascending, without repeats; those beyond it are left out.
    ///
    /// Any can be among those of the largest firing mass.
    ///
    /// A sample is the `count` latents of lowest SipHash-2-4 priority under the key of `seed`, so it depends on nothing else, and
    /// a larger sample of the same seed holds the smaller one.
    public func latents(of total: Int) -> [Int] {
        guard total > 0 else { return [] }
        switch self {
        case .all, .firing: return Array(0..<total)
        case .list(let latents): return Set(latents.filter { (0..<total).contains($0) }).sorted()
        case .range(let range): return Array(range.clamped(to: 0..<total))
        case .sample(let count, let seed):
            guard count > 0 else { return [] }
            let key = SipKey(seed: seed, purpose: Self.purpose)
            let ranked = (0..<total).map { latent in
                var hasher = SipHasher(key: key, wide: false)
                hasher.update(UInt64(latent))
                return (priority: hasher.finalize64(), latent: latent)
            }
            return ranked.sorted { $0 < $1 }.prefix(count).map(\.latent).sorted()
        }
    }

    // "latents" in ASCII: keeps these priorities independent of those that other parts draw from the same seed.
    private static let purpose: UInt64 = 0x6c61_7465_6e74_73
}
