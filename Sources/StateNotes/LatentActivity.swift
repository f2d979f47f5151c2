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
}
