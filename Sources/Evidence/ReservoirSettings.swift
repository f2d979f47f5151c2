/// How much evidence is kept of each latent, and the seed of every choice.
public struct ReservoirSettings: Sendable, Hashable {
    /// Tokens in a window, 2 to 256.
    public let window: Int
    /// Windows in a latent's uniform samples: half of them on the train side, half on the test side.
    public let sample: Int
    /// Train windows with the largest peaks kept per latent.
    public let top: Int
    /// Windows in the global pool from which negatives are drawn.
    public let pool: Int
    /// Test windows kept per latent and day of event time.
    public let recent: Int
    /// Keys the hashes that decide identity, priority and side.
    public let seed: UInt64

    /// The same settings with a smaller sample.
    func lowered(sampleTo sample: Int) -> ReservoirSettings {
        ReservoirSettings(self, sample: sample)
    }

    private init(_ settings: ReservoirSettings, sample: Int) {
        window = settings.window
        self.sample = sample
        top = settings.top
        pool = settings.pool
        recent = settings.recent
        seed = settings.seed
    }

    /// Makes settings; throws `EvidenceError.setting` for the first one outside its range.
    public init(
        window: Int = 32, sample: Int = 256, top: Int = 16, pool: Int = 16_384, recent: Int = 32, seed: UInt64
    ) throws(EvidenceError) {
        // A firing token's position is stored in one byte; the other bounds keep a latent's payload far below 2 GiB.
        for (name, value, allowed) in [
            ("window", window, 2...256), ("sample", sample, 2...65_536), ("top", top, 0...4096),
            ("pool", pool, 0...1_048_576), ("recent", recent, 0...4096),
        ] where !allowed.contains(value) {
            throw .setting(name: name, value: value, allowed: allowed)
        }
        self.window = window
        self.sample = sample
        self.top = top
        self.pool = pool
        self.recent = recent
        self.seed = seed
    }
}
