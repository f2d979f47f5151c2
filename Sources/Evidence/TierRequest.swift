public import Elements

/// How windows are drawn from a tier.
public struct TierRequest: Sendable, Hashable {
    /// The most windows of a tier.
    public var count: Int
    /// The seed of every choice.
    public var seed: UInt64
    /// The windows that the explainer was shown.
    public var shown: [Window]
    /// What happens to windows that share thirteen tokens in a row with one of those.
    public var overlap: HeldOut.Overlap

    /// Makes a request.
    public init(count: Int, seed: UInt64, shown: [Window] = [], overlap: HeldOut.Overlap = .drop) {
        self.count = count
        self.seed = seed
        self.shown = shown
        self.overlap = overlap
    }
}
