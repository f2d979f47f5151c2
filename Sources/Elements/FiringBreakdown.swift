/// How often a latent fired by position in the context and by source, over every token counted so.
public struct FiringBreakdown: Sendable, Hashable {
    /// `[PositionBins.count]`: tokens at which it fired, by the bin of their position.
    public var byPosition: [UInt64]
    /// `[sources]`: tokens at which it fired, by the sources of the `StreamBreakdown`, in order.
    public var bySource: [UInt64]

    /// Makes a breakdown.
    public init(byPosition: [UInt64] = [], bySource: [UInt64] = []) {
        self.byPosition = byPosition
        self.bySource = bySource
    }
}

/// The counts for one source.
public struct SourceTotals: Sendable, Hashable, Codable {
    /// The name of the collection that the documents say they are from, or else of the source node.
    public let name: String
    /// Tokens seen.
    public let tokens: UInt64
    /// Contexts seen.
    public let contexts: UInt64

    /// Makes totals.
    public init(name: String, tokens: UInt64, contexts: UInt64) {
        self.name = name
        self.tokens = tokens
        self.contexts = contexts
    }
}

/// What has been seen in all, by position in the context and by source.
public struct StreamBreakdown: Sendable, Hashable {
    /// `[PositionBins.count]`: tokens by the bin of their position.
    public let tokensByPosition: [UInt64]
    /// The sources that are told apart, by name; if there are more, those whose names hash lowest.
    public let sources: [SourceTotals]

    /// Makes a breakdown.
    public init(tokensByPosition: [UInt64] = [], sources: [SourceTotals] = []) {
        self.tokensByPosition = tokensByPosition
        self.sources = sources
    }

    /// Tokens counted by position and source: fewer than all if part was counted by an older version.
    public var tokens: UInt64 { tokensByPosition.reduce(0, &+) }
}

/// The bins by which positions in a context are counted: below 16, then up to each further power of two.
public enum PositionBins {
    /// The number of bins; the last has no end.
    public static let count = 12

    /// The bin of a position, counted from 0.
    public static func bin(of position: Int) -> Int {
        min(max(0, Int.bitWidth - 4 - max(position, 1).leadingZeroBitCount), count - 1)
    }

    /// The number of positions in a bin and all before it; `nil` for the last.
    public static func length(through bin: Int) -> Int? { bin < count - 1 ? 16 << bin : nil }
}
