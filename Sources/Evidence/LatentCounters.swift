internal import Elements

/// The counts of one latent in 256 bytes: `LatentCounts` whose numbers of tokens are below 2³¹.
///
/// What is counted most often stands side by side, so that a firing touches few cache lines. Before a number could grow
/// too large the page moves the counts to a `LatentCounts`.
struct LatentCounters: Sendable {
    /// The most tokens counted here before the counts are moved: what is added between two looks fits above it.
    static let limit: UInt32 = 1 << 30
    private static let largestActivation: Float = 2_147_483_648
    /// The bin that stands first: those of activations from 2⁻⁶ on are next to what else is counted.
    private static let firstBin = 10

    /// In units of 2⁻¹⁶.
    private var sum: UInt128 = 0
    /// In units of 2⁻³².
    private var squares: UInt128 = 0
    private(set) var tokensFired: UInt32 = 0
    private(set) var windowsFired: UInt32 = 0
    private(set) var maximum: Float = 0
    private var sources = InlineArray<8, UInt32>(repeating: 0)
    private var positions = InlineArray<12, UInt32>(repeating: 0)
    private var histogram = InlineArray<32, UInt32>(repeating: 0)

    /// A latent that has not fired.
    init() {}

    /// Takes counts if all of them are small enough.
    init?(_ counts: LatentCounts) {
        func narrow(_ value: UInt64) -> UInt32? { value < UInt64(Self.limit) ? UInt32(value) : nil }
        guard let tokens = narrow(counts.tokensFired), let windows = narrow(counts.windowsFired) else { return nil }
        sum = counts.sum
        squares = counts.squares
        tokensFired = tokens
        windowsFired = windows
        maximum = counts.maximum
        for place in 0..<SourceTable.capacity {
            guard let value = narrow(counts.sources[place]) else { return nil }
            sources[place] = value
        }
        for bin in 0..<PositionBins.count {
            guard let value = narrow(counts.positions[bin]) else { return nil }
            positions[bin] = value
        }
        for bin in 0..<LatentCounts.bins {
            guard let value = narrow(counts.histogram[bin]) else { return nil }
            histogram[Self.place(ofBin: bin)] = value
        }
    }

    private static func place(ofBin bin: Int) -> Int { (bin &- firstBin) & (LatentCounts.bins - 1) }

    /// Counts one activation, which is positive and finite, at a position of some bin.
    @inline(__always) mutating func add(_ activation: Float, positionBin: Int) {
        tokensFired &+= 1
        let units = UInt64(bitPattern: Int64(Double(min(activation, Self.largestActivation)) * 65_536 + 0.5))
        sum &+= UInt128(units)
        let (high, low) = units.multipliedFullWidth(by: units)
        squares &+= UInt128(high) << 64 | UInt128(low)
        maximum = max(maximum, activation)
        let exponent = Int(activation.bitPattern >> 23 & 0xff) - 127
        histogram[Self.place(ofBin: min(max(exponent + 16, 0), LatentCounts.bins - 1))] &+= 1
        positions[positionBin] &+= 1
    }

    /// Counts one window, with the tokens at which the latent fired in it if its source has a place.
    @inline(__always) mutating func addWindow(tokens: UInt32, source: Int?) {
        windowsFired &+= 1
        if let source { sources[source] &+= tokens }
    }

    mutating func clear(source place: Int) { sources[place] = 0 }

    /// Something of each cache line that counting touches.
    var touch: UInt32 { tokensFired &+ positions[0] &+ histogram[6] }

    /// Puts the counts in the place of those of another latent, as other rooms see them.
    ///
    /// - Parameter places: The places of the sources, in the order of those in `breakdown`.
    func write(
        to statistics: inout LatentStatistics, _ breakdown: inout FiringBreakdown, sources places: [Int]
    ) {
        statistics.tokensFired = UInt64(tokensFired)
        statistics.windowsFired = UInt64(windowsFired)
        statistics.sum = LatentCounts.activation(sum)
        statistics.sumOfSquares = LatentCounts.square(squares)
        statistics.maximum = maximum
        statistics.histogram.withUnsafeMutableBufferPointer { bins in
            for bin in 0..<LatentCounts.bins { bins[bin] = UInt64(histogram[Self.place(ofBin: bin)]) }
        }
        breakdown.byPosition.withUnsafeMutableBufferPointer { bins in
            for bin in 0..<PositionBins.count { bins[bin] = UInt64(positions[bin]) }
        }
        for (source, place) in places.enumerated() { breakdown.bySource[source] = UInt64(sources[place]) }
    }

    /// The counts as numbers that never grow too large.
    var counts: LatentCounts {
        var counts = LatentCounts()
        counts.tokensFired = UInt64(tokensFired)
        counts.windowsFired = UInt64(windowsFired)
        counts.sum = sum
        counts.squares = squares
        counts.maximum = maximum
        for place in 0..<SourceTable.capacity { counts.sources[place] = UInt64(sources[place]) }
        for bin in 0..<PositionBins.count { counts.positions[bin] = UInt64(positions[bin]) }
        for bin in 0..<LatentCounts.bins { counts.histogram[bin] = UInt64(histogram[Self.place(ofBin: bin)]) }
        return counts
    }
}
