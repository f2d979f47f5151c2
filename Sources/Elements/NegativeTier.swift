/// What makes a window in which a latent is silent hard to tell from one in which it fires.
public enum NegativeTier: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing: any window of the pool.
    case random
    /// It holds the latent's peak token.
    case lexical
    /// Another latent fires in it that often fires where this one does, or points the same way.
    case neighbour
    /// It means much the same as a window in which the latent fires.
    case semantic

    /// The fewest windows of a tier that are scored.
    public static let fewest = 10
}

/// The windows drawn from one tier.
public enum TierDraw: Sendable, Hashable {
    /// At least `NegativeTier.fewest` windows.
    case available([PoolWindow])
    /// Fewer than that: so many there are.
    case notAvailable(Int)

    /// The windows; none if the tier is not available.
    public var windows: [PoolWindow] { if case .available(let windows) = self { windows } else { [] } }

    /// How many windows were found, scored or not.
    public var count: Int {
        switch self {
        case .available(let windows): windows.count
        case .notAvailable(let count): count
        }
    }
}

/// How good an explanation is against negatives of one tier alone, by the figure of the score's method.
public struct TierScore: Sendable, Hashable {
    /// The tier.
    public let tier: NegativeTier
    /// The figure against the same positives as the headline; `nil` if the tier is not available.
    public let figure: Estimate?
    /// The negatives of the tier that were scored; if it is not available, the number that exist.
    public let windows: Int
    /// The figure on resampled documents; `nil` if it is not known.
    public let replicates: ScoreReplicates?

    /// Makes a tier's score.
    public init(tier: NegativeTier, figure: Estimate?, windows: Int, replicates: ScoreReplicates? = nil) {
        self.tier = tier
        self.figure = figure
        self.windows = windows
        self.replicates = replicates
    }

    /// The names under which a score's details hold it: `tier_lexical`, left out if it is not available, and
    /// `tier_lexical_windows`, a count and so without an interval.
    public var details: [String: Estimate] {
        let count = Double(windows)
        var details = [
            "tier_\(tier.rawValue)_windows": Estimate(value: count, lower: count, upper: count, count: windows)
        ]
        details["tier_\(tier.rawValue)"] = figure
        return details
    }
}

extension Score {
    /// What it says of each tier of negatives; empty if only random ones were asked for.
    public var tiers: [TierScore] {
        NegativeTier.allCases.compactMap { tier in
            guard let windows = details["tier_\(tier.rawValue)_windows"] else { return nil }
            let figure = details["tier_\(tier.rawValue)"]
            return TierScore(
                tier: tier, figure: figure, windows: windows.count,
                replicates: figure == nil ? nil : replicates?.replicates(of: tier))
        }
    }
}
