public import Elements
internal import Hashing

/// What a part of a stream counts, apart from its samples: totals, positions, sources, and each latent that fired.
///
/// Counts of the same part that was seen once up to some place and once beyond it are brought together by `grow(to:)`, in any order;
/// those of different parts a reservoir adds up.
public struct StreamCounts: Sendable {
    /// Tokens, contexts and windows.
    public internal(set) var totals = StreamTotals()
    /// The latest day that had been seen, in days since 1970.
    var latestDay: Int64?
    var positions = InlineArray<12, UInt64>(repeating: 0)
    var sources = SourceTable()
    /// By latent; those that are not here never fired.
    var latents: [Int32: LatentCounts] = [:]

    /// Counts of nothing.
    public init() {}

    /// The latents that fired, ascending.
    public var fired: [Int] { latents.keys.map { Int($0) }.sorted() }

    /// Takes in the counts of the same part of the stream as somebody else has counted it up to some place, and returns by
    /// how much its own counts have grown.
    ///
    /// Of each count the larger one stays: who has read further has counted at least as much, and who has read the same
    /// part has counted the same. So what comes twice, late or in pieces changes nothing that is known.
    public mutating func grow(to other: StreamCounts) -> StreamCounts {
        var growth = StreamCounts()
        let before = (totals: totals, positions: positions)
        totals.takeLarger(other.totals)
        growth.totals = totals.less(before.totals)
        takeDay(of: other)
        growth.latestDay = latestDay
        for bin in 0..<PositionBins.count {
            positions[bin] = max(positions[bin], other.positions[bin])
            growth.positions[bin] = positions[bin] &- before.positions[bin]
        }
        for theirs in other.sources.places.compactMap(\.self) { _ = place(ofSource: theirs.name) }
        growth.sources = sources.emptied
        for theirs in other.sources.places.compactMap(\.self) {
            guard let place = sources.place(of: theirs.name), let own = sources.places[place] else { continue }
            let larger = (tokens: max(own.tokens, theirs.tokens), contexts: max(own.contexts, theirs.contexts))
            sources.replace(tokens: larger.tokens, contexts: larger.contexts, at: place)
            growth.sources.replace(
                tokens: larger.tokens &- own.tokens, contexts: larger.contexts &- own.contexts, at: place)
        }
        let places = sources.places(of: other.sources)
        for (latent, theirs) in other.latents {
            var counts = theirs
            counts.move(sources: places)
            let own = latents[latent] ?? LatentCounts()
            counts.takeLarger(own)
            latents[latent] = counts
            growth.latents[latent] = counts.less(own)
        }
        return growth
    }

    private mutating func takeDay(of other: StreamCounts) {
        if let day = other.latestDay { latestDay = max(latestDay ?? day, day) }
    }

    /// The place of a source, cleared if another had it; `nil` if it has none.
    private mutating func place(ofSource name: String) -> Int? {
        let (place, cleared) = sources.admit(name)
        if let cleared { for latent in latents.keys { latents[latent]?.sources[cleared] = 0 } }
        return place
    }
}

extension SourceTable {
    /// Where the sources of another table stand in this one, by their places there.
    func places(of other: SourceTable) -> [Int?] {
        other.places.map { source in source.flatMap { place(of: $0.name) } }
    }

    /// The same sources at the same places, with nothing counted.
    var emptied: SourceTable {
        var table = self
        for (place, source) in places.enumerated() where source != nil {
            table.replace(tokens: 0, contexts: 0, at: place)
        }
        return table
    }
}

extension StreamTotals {
    /// What these have more than others, none of which is larger.
    fileprivate func less(_ other: StreamTotals) -> StreamTotals {
        StreamTotals(
            tokens: tokens &- other.tokens, contexts: contexts &- other.contexts, windows: windows &- other.windows,
            shortWindows: shortWindows &- other.shortWindows)
    }
}

extension LatentCounts {
    /// What these have more than others, none of which is larger; the maximum is a maximum and stays whole.
    fileprivate func less(_ other: LatentCounts) -> LatentCounts {
        var counts = self
        counts.tokensFired &-= other.tokensFired
        counts.windowsFired &-= other.windowsFired
        counts.sum &-= other.sum
        counts.squares &-= other.squares
        for bin in 0..<Self.bins { counts.histogram[bin] &-= other.histogram[bin] }
        for bin in 0..<PositionBins.count { counts.positions[bin] &-= other.positions[bin] }
        for place in 0..<SourceTable.capacity { counts.sources[place] &-= other.sources[place] }
        return counts
    }
}
