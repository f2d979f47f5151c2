import Foundation

/// The bytes that a reservoir is expected to take after a number of tokens of usual text.
///
/// Usual text is taken to be this: a latent that fires in a window of 32 tokens fires on two of them; the rates of
/// latents are log-normal, of deviation 1.5 in natural logarithms; a tenth of the windows that samples refer to are
/// not shared. What `Reservoir.memoryBound` states is the worst case instead.
public struct MemoryExpectation: Sendable, Hashable {
    /// The tokens that a latent fires on in a window in which it fires.
    private static let firingTokens = 2.0
    /// The deviation of the logarithms of the rates of latents.
    package static let deviation = 1.5
    /// The parts of equal probability that the distribution of rates is cut into.
    private static let parts = 64

    /// The settings of the reservoir.
    public let settings: ReservoirSettings
    /// The number of latents.
    public let latents: Int
    /// The latents that are active on a token, on average.
    public let active: Double
    /// The tokens read.
    public let tokens: Int

    /// Takes what the bytes depend on.
    public init(settings: ReservoirSettings, latents: Int, active: Double, tokens: Int) {
        self.settings = settings
        self.latents = max(0, latents)
        self.active = max(0, active)
        self.tokens = max(0, tokens)
    }

    /// The windows read.
    private var windows: Double { Double(tokens) / Double(settings.window) }

    /// The latents that fire in a window, on average: each fires on two tokens, and hardly ever do more than a sixth of all.
    public var firingInWindow: Double {
        min(Double(settings.window) * active / Self.firingTokens, max(Double(latents) / 6, min(64, Double(latents))))
    }

    /// The mean over latents of some function of the windows in which a latent has fired on one side.
    private func mean(_ value: (Double) -> Double) -> Double {
        let average = latents == 0 ? 0 : windows * firingInWindow / Double(latents) / 2
        var sum = 0.0
        for part in 0..<Self.parts {
            let normal = Self.normalQuantile((Double(part) + 0.5) / Double(Self.parts))
            let rate = exp(Self.deviation * normal - Self.deviation * Self.deviation / 2)
            sum += value(min(average * rate, windows / 2))
        }
        return sum / Double(Self.parts)
    }

    /// The bytes of all samples of a size.
    public func sampleBytes(at sample: Int) -> Double {
        let entries = mean { 2 * min($0, Double(sample) / 2) }
        return Double(latents) * entries * Double(SampleBudget.bytesPerEntry(window: settings.window))
    }

    /// The bytes of all else: columns, windows of largest peak and of recent days, and the pool.
    public var otherBytes: Double {
        let entries = mean { min($0, Double(settings.top)) + min($0, Double(settings.recent)) }
        let pool = min(windows, Double(settings.pool))
        let column =
            MemoryLayout<LatentCounters>.stride + MemoryLayout<UInt64>.stride + MemoryLayout<PageSamples.Place>.stride
            + MemoryLayout<LatentGate>.stride + MemoryLayout<LatentDigest>.stride
        let perLatent = Double(column) + entries * Double(SampleBudget.bytesPerEntry(window: settings.window))
        let set = min(1.5 * firingInWindow, Double(LatentSet.bitmapLength(latents)))
        return Double(latents) * perLatent
            + pool * (Double(MemoryLayout<PoolEntry>.stride) + 40 + set + 2.5 * Double(settings.window) + 40)
    }

    /// The bytes of a reservoir with a sample size.
    public func bytes(at sample: Int) -> Double { sampleBytes(at: sample) + otherBytes }

    /// The value below which a standard normal variable lies with a probability, to three digits.
    ///
    /// Source: Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.2.23.
    private static func normalQuantile(_ probability: Double) -> Double {
        let tail = min(probability, 1 - probability)
        let t = (-2 * log(tail)).squareRoot()
        let value =
            t - (2.515517 + 0.802853 * t + 0.010328 * t * t)
            / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
        return probability < 0.5 ? -value : value
    }
}
