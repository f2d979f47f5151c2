internal import Elements

/// What is counted of the latents of a page, side by side: small numbers in columns, and apart from them the few that have grown.
struct PageCounters: Sendable {
    /// What a latent takes before anything of it has grown.
    static let bytesPerLatent = MemoryLayout<LatentCounters>.stride

    var small: [LatentCounters]
    /// Counts that have grown too large for `small`, to be added to those there.
    private var spilled: [Int: LatentCounts] = [:]

    init(latents count: Int) { small = Array(repeating: LatentCounters(), count: count) }

    /// The bytes beside `small`.
    var spilledBytes: Int { spilled.count * (MemoryLayout<LatentCounts>.stride + 32) }

    /// What was counted of a latent.
    func counts(of latent: Int) -> LatentCounts {
        var counts = small[latent].counts
        if let more = spilled[latent] { counts.add(more) }
        return counts
    }

    /// Whether a latent has fired.
    func fires(_ latent: Int) -> Bool { small[latent].tokensFired > 0 || !isSmall(latent) }

    /// Whether `small` holds all that was counted of a latent.
    func isSmall(_ latent: Int) -> Bool { spilled.isEmpty || spilled[latent] == nil }

    /// The tokens at which a latent fired, and the windows in which it did.
    func fired(by latent: Int) -> (tokens: UInt64, windows: UInt64) {
        let counters = small[latent]
        let (tokens, windows) = (UInt64(counters.tokensFired), UInt64(counters.windowsFired))
        guard !spilled.isEmpty, let more = spilled[latent] else { return (tokens, windows) }
        return (tokens &+ more.tokensFired, windows &+ more.windowsFired)
    }

    /// Puts counts in the place of what was counted of a latent.
    mutating func set(_ counts: LatentCounts, of latent: Int) {
        if let counters = LatentCounters(counts) {
            small[latent] = counters
            spilled[latent] = nil
        } else {
            small[latent] = LatentCounters()
            spilled[latent] = counts
        }
    }

    /// Moves the counts of a latent to where numbers may be large.
    mutating func spill(_ latent: Int) {
        spilled[latent] = counts(of: latent)
        small[latent] = LatentCounters()
    }

    /// Forgets the counts by the source in a place.
    mutating func clear(source place: Int) {
        for latent in small.indices { small[latent].clear(source: place) }
        for latent in spilled.keys { spilled[latent]?.sources[place] = 0 }
    }
}
