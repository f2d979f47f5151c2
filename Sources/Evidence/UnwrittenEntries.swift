/// What a segment is to hold.
enum SegmentContents {
    /// What lists of latents hold and no segment does; no counts, totals or pool.
    case entries
    /// All that no segment holds.
    case changes
    /// All there is.
    case all
}

extension SegmentContents {
    /// Whether a window of the pool belongs to it.
    func holds(_ entry: PoolEntry) -> Bool {
        switch self {
        case .entries: false
        case .changes: entry.marks.contains(.unwritten)
        case .all: true
        }
    }

    /// Whether the counts of a latent belong to it.
    func holdsCounts(of latent: Int, in page: LatentPage) -> Bool {
        switch self {
        case .entries: false
        case .changes: page.gates[latent].changes.contains(.counts)
        case .all: page.gates[latent].changes.contains(.counts) || !page.counters.counts(of: latent).isZero
        }
    }
}

/// Where the entries of a page stand that no segment holds.
enum UnwrittenEntries {
    /// There are none.
    case none
    /// In its lists, marked.
    case listed
    /// In lists made of its log alone.
    case logged(PageSamples)
}

extension LatentPage {
    /// How many times larger than what is new in the log the lists have to be to be left as they are.
    private static let fewBeside = 8

    /// Finds what no segment holds.
    ///
    /// Taking in the log moves all of the lists. If it brings little, and they have nothing to be written, lists are made
    /// of it alone: whoever merges the segment merges them with what other segments have of the page, to the same end.
    mutating func unwritten(
        limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch
    ) -> UnwrittenEntries {
        let isListed = gates.contains { $0.changes.contains(.entries) }
        guard isListed || Self.fewBeside * log.unwrittenBytes > samples.byteCount else {
            return log.unwrittenBytes == 0 ? .none : logged(limits: limits, windows: windows, scratch: scratch)
        }
        settle(limits: limits, windows: windows, scratch: scratch)
        return gates.contains { $0.changes.contains(.entries) } ? .listed : .none
    }

    private func logged(
        limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch
    ) -> UnwrittenEntries {
        let new = log.unwritten
        guard !new.isEmpty else { return .none }
        let releases = scratch.releases.count
        let samples = PageSettling.settle(
            PageSamples(latents: count), new, limits: limits, windows: windows, isTrimming: false, scratch: scratch
        ) { _, _ in }
        // The log goes on holding what these lists have no room for.
        scratch.releases.removeSubrange(releases...)
        return .logged(samples)
    }
}
