import Elements

/// How often the latents of a coder have fired.
public struct LatentActivity: Sendable, Hashable, Codable {
    /// Latents that have never fired.
    public internal(set) var never = 0
    /// Latents that have fired at 200 tokens at most, those that never did included.
    public internal(set) var atMost200 = 0
    /// `[decades]`: latents that have fired at `10^i` tokens or more and fewer than `10^(i+1)`.
    public internal(set) var decades: [Int] = []

    mutating func count(tokensFired: UInt64) {
        if tokensFired <= 200 { atMost200 += 1 }
        guard tokensFired > 0 else {
            never += 1
            return
        }
        var (decade, rest) = (0, tokensFired / 10)
        while rest > 0 {
            decade += 1
            rest /= 10
        }
        while decades.count <= decade { decades.append(0) }
        decades[decade] += 1
    }

    /// Makes counts of none.
    init() {}

    /// The activity of all latents of a coder, of which each has fired in one share at most.
    init(joining shares: [LatentActivity], latents: Int) {
        never = ShareCounts.among(latents, shares.map(\.never))
        atMost200 = ShareCounts.among(latents, shares.map(\.atMost200))
        for share in shares {
            for (decade, count) in share.decades.enumerated() {
                if decades.count <= decade { decades.append(0) }
                decades[decade] &+= count
            }
        }
    }
}
