public import Elements

/// What makes a window in which a latent is silent hard to tell from one in which it fires.
public enum NegativeTier: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing: any window of the pool.
    case random
    /// It holds the latent's peak token.
    case lexical
    /// Another latent fires in it that often fires where this one does, or points the same way.
    case neighbour

    /// The fewest windows of a tier that are scored.
    public static let fewest = 10
}

/// The windows drawn from one tier.
public enum TierDraw: Sendable, Hashable {
    /// At least `NegativeTier.fewest` windows.
    case available([PoolWindow])
    /// Fewer than that: so many there are.
    case notAvailable(Int)

    /// The windows; none where the tier is not available.
    public var windows: [PoolWindow] { if case .available(let windows) = self { windows } else { [] } }

    /// How many windows were found, scored or not.
    public var count: Int {
        switch self {
        case .available(let windows): windows.count
        case .notAvailable(let count): count
        }
    }
}

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
