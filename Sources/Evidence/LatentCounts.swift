internal import Elements

/// The counts of one latent, exact in any order of addition: activations count in units of 2⁻¹⁶, rounded to nearest.
///
/// An activation above 2³¹ counts as 2³¹ in `sum` and `squares`, which leaves room for more than 2³⁰ billion of them.
/// `LatentCounters` is what counts.
struct LatentCounts: Sendable {
    static let bins = 32

    var tokensFired: UInt64 = 0
    var windowsFired: UInt64 = 0
    /// In units of 2⁻¹⁶.
    var sum: UInt128 = 0
    /// In units of 2⁻³².
    var squares: UInt128 = 0
    var maximum: Float = 0
    var histogram = InlineArray<32, UInt64>(repeating: 0)
    /// Tokens by the bin of their position in the context.
    var positions = InlineArray<12, UInt64>(repeating: 0)
    /// Tokens by the place of their source in the reservoir's table.
    var sources = InlineArray<8, UInt64>(repeating: 0)

    var isZero: Bool { tokensFired == 0 }

    /// Adds the counts of other occurrences.
    mutating func add(_ other: LatentCounts) {
        tokensFired &+= other.tokensFired
        windowsFired &+= other.windowsFired
        sum &+= other.sum
        squares &+= other.squares
        maximum = max(maximum, other.maximum)
        for bin in 0..<Self.bins { histogram[bin] &+= other.histogram[bin] }
        for bin in 0..<PositionBins.count { positions[bin] &+= other.positions[bin] }
        for place in 0..<SourceTable.capacity { sources[place] &+= other.sources[place] }
    }

    /// Takes the larger of each count: which of two states of the same counter is the later one.
    mutating func takeLarger(_ other: LatentCounts) {
        tokensFired = max(tokensFired, other.tokensFired)
        windowsFired = max(windowsFired, other.windowsFired)
        sum = max(sum, other.sum)
        squares = max(squares, other.squares)
        maximum = max(maximum, other.maximum)
        for bin in 0..<Self.bins { histogram[bin] = max(histogram[bin], other.histogram[bin]) }
        for bin in 0..<PositionBins.count { positions[bin] = max(positions[bin], other.positions[bin]) }
        for place in 0..<SourceTable.capacity { sources[place] = max(sources[place], other.sources[place]) }
    }

    /// Moves the counts by source to the places that the sources have in another table; `nil` for one that is not in it.
    mutating func move(sources places: [Int?]) {
        let old = sources
        sources = InlineArray(repeating: 0)
        for (from, to) in places.enumerated() where from < SourceTable.capacity {
            if let to { sources[to] = old[from] }
        }
    }

    /// The counts as other rooms see them.
    var statistics: LatentStatistics {
        LatentStatistics(
            tokensFired: tokensFired, windowsFired: windowsFired, sum: Self.activation(sum),
            sumOfSquares: Self.square(squares), maximum: maximum, histogram: (0..<Self.bins).map { histogram[$0] })
    }

    /// How often it fired by position, and by the sources in some places.
    func breakdown(sources places: [Int]) -> FiringBreakdown {
        FiringBreakdown(
            byPosition: (0..<PositionBins.count).map { positions[$0] }, bySource: places.map { sources[$0] })
    }

    /// A sum of activations in units of 2⁻¹⁶ as a number.
    static func activation(_ units: UInt128) -> Double { rounded(units) / 65_536 }
    /// A sum of squares in units of 2⁻³² as a number.
    static func square(_ units: UInt128) -> Double { rounded(units) / 4_294_967_296 }

    /// The nearest number; a checkpoint asks for those of all latents, and the way of large integers is a hundred times slower.
    private static func rounded(_ units: UInt128) -> Double {
        units >> 64 == 0 ? Double(UInt64(truncatingIfNeeded: units)) : Double(units)
    }
}

extension StreamTotals {
    mutating func add(_ other: StreamTotals) {
        tokens &+= other.tokens
        contexts &+= other.contexts
        windows &+= other.windows
        shortWindows &+= other.shortWindows
    }

    mutating func takeLarger(_ other: StreamTotals) {
        tokens = max(tokens, other.tokens)
        contexts = max(contexts, other.contexts)
        windows = max(windows, other.windows)
        shortWindows = max(shortWindows, other.shortWindows)
    }
}
