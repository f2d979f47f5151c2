/// What decides how much memory a pool takes once it is decoded, and what is made of it.
public struct PoolShape: Sendable, Hashable {
    /// Windows in the pool.
    public let windows: Int
    /// Tokens in a window.
    public let tokens: Int
    /// Latents of the coder.
    public let latents: Int
    /// The most latents that fire in a window.
    public let firing: Int
    /// Train windows sampled of each latent.
    public let sample: Int

    /// Makes a shape; none of the numbers is negative.
    public init(windows: Int, tokens: Int, latents: Int, firing: Int, sample: Int) {
        self.windows = max(0, windows)
        self.tokens = max(0, tokens)
        self.latents = max(0, latents)
        self.firing = max(0, min(firing, latents))
        self.sample = max(0, sample)
    }

    /// What an array of a known length takes beside its elements: its header, and what the allocator adds.
    public static let header = 48.0
    /// Arrays that are appended to grow by doubling.
    public static let growth = 2.0

    /// The bytes of the decoded windows: a record each, its token ids and the latents that fire in it.
    public var decodedBytes: Double {
        let record = Double(MemoryLayout<PoolWindow>.stride)
        return Double(windows) * (record + 2 * Self.header + 4 * Double(tokens) + 4 * Double(firing))
    }

    /// The most bytes of lists of window numbers by latent, were each a list that grows: what `decodedBytes` holds the other way round.
    public var firingListBytes: Double {
        Double(latents) * (2 * 24 + Self.header) + 4 * Self.growth * Double(windows) * Double(firing)
    }

    /// The bytes of a latent's examples, so many of them: a record each, its token ids and activations.
    public func exampleBytes(_ count: Int) -> Double {
        Double(max(0, count)) * (Double(MemoryLayout<Example>.stride) + 2 * Self.header + 8 * Double(tokens))
    }
}

extension [PoolWindow] {
    /// The bytes that decoded windows take, with their token ids and latents.
    public var decodedBytes: Int {
        reduce(residentBytes) { $0 + $1.window.tokens.residentBytes + $1.latents.residentBytes }
    }
}
