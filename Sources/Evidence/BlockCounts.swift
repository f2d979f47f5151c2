public import Elements

/// What is counted of a part of a stream while several parts are read in turn: counters of all latents side by side, which take the
/// place of a reservoir's while it absorbs the part.
public struct BlockCounts: Sendable {
    struct Page: Sendable {
        var counters: PageCounters
        /// By latent, the tokens at which it had fired when that was last told; empty if nothing has been.
        var told: [UInt64] = []
    }

    var totals = StreamTotals()
    var positions = InlineArray<12, UInt64>(repeating: 0)
    var sources = SourceTable()
    var pages: [Page]
    private var latestDay: Int64?
    /// Whether anything has been counted since it was last told.
    public private(set) var isChanged = false

    /// Makes counts of nothing, of a coder with so many latents; memory is taken as they fire.
    public init(latents: Int) {
        // One page that all share until it is written to.
        let whole = PageCounters(latents: LatentPage.latents)
        pages = stride(from: 0, to: max(0, latents), by: LatentPage.latents).map { start in
            let count = min(LatentPage.latents, latents - start)
            return Page(counters: count == LatentPage.latents ? whole : PageCounters(latents: count))
        }
    }

    /// The bytes that they take.
    public var residentBytes: Int {
        pages.reduce(0) { bytes, page in
            let small = page.counters.small
            let isTouched = small.contains { $0.tokensFired > 0 }
            return bytes + MemoryLayout<Page>.stride + page.told.residentBytes
                + (isTouched ? small.residentBytes : 0) + page.counters.spilledBytes
        }
    }

    /// Gives what has been counted of all that has grown since it was last taken, in parts by the share that each latent belongs to, of
    /// about `limit` bytes at most.
    ///
    /// Every share gets at least one part, and a part of each has the totals too. Whoever takes a part holds no others.
    public mutating func takeChanged(
        shares: Int, limit: Int, share: (_ latent: Int) -> Int, each: (_ share: Int, StreamCounts) throws -> Void
    ) rethrows {
        let most = max(1, limit / LatentCounts.mostBytes)
        var parts = [StreamCounts](repeating: start, count: max(0, shares))
        var next = StreamCounts()
        next.sources = sources.emptied
        var told = pages.map(\.told)
        try forEachFiring { latent, own in
            let (page, place) = (latent / LatentPage.latents, latent % LatentPage.latents)
            if told[page].isEmpty { told[page] = [UInt64](repeating: 0, count: pages[page].counters.small.count) }
            guard told[page][place] != own.tokensFired else { return }
            told[page][place] = own.tokensFired
            let share = share(latent)
            guard parts.indices.contains(share) else { return }
            if parts[share].latents.count == most {
                try each(share, parts[share])
                parts[share] = next
            }
            parts[share].latents[Int32(truncatingIfNeeded: latent)] = own
        }
        for (share, part) in parts.enumerated() { try each(share, part) }
        for page in pages.indices { pages[page].told = told[page] }
        isChanged = false
    }

    /// What counts for all of it, without a latent.
    private var start: StreamCounts {
        var counts = StreamCounts()
        (counts.totals, counts.positions, counts.sources) = (totals, positions, sources)
        counts.latestDay = latestDay
        return counts
    }

    /// Shows the counts of each latent that has fired, in order.
    private func forEachFiring(_ show: (_ latent: Int, LatentCounts) throws -> Void) rethrows {
        for (number, page) in pages.enumerated() {
            let counters = page.counters
            for place in counters.small.indices where counters.fires(place) {
                try show(number * LatentPage.latents + place, counters.counts(of: place))
            }
        }
    }

    mutating func counted(upTo day: Int64?) {
        latestDay = day
        isChanged = true
    }
}

extension Reservoir {
    /// Samples a batch and counts it in a block instead of here.
    ///
    /// - Throws: `EvidenceError` for a batch that contradicts itself; nothing is counted or sampled then.
    public mutating func absorb(
        _ batch: CodeBatch, counting counts: inout BlockCounts, sharing: WorkSharing = .alone
    ) throws(EvidenceError) {
        exchange(&counts)
        defer { exchange(&counts) }
        try absorb(batch, sharing: sharing)
        counts.counted(upTo: latestDay)
    }

    /// Puts the counts of a block in the place of what has been counted here, and the other way round.
    mutating func exchange(_ counts: inout BlockCounts) {
        swap(&totals, &counts.totals)
        swap(&positions, &counts.positions)
        swap(&sources, &counts.sources)
        for page in pages.indices { swap(&pages[page].counters, &counts.pages[page].counters) }
    }
}
