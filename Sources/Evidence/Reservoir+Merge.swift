internal import Elements
internal import Hashing

extension Reservoir {
    /// Merges a segment of a reservoir of equal settings and the same coder: how a restart reads its state.
    ///
    /// Segments may come in any order and more than once. Counters are taken from the segment with the highest epoch
    /// and never added, so segments belong into a reservoir before it absorbs. What is merged counts as written: the
    /// next segment does not repeat it. Throws `EvidenceError` for a damaged or foreign segment, which then changes
    /// nothing.
    ///
    /// - Parameter wanted: The latents of which samples and counts are wanted; those of others may be left out. `nil` for all.
    public mutating func merge(
        segment bytes: [UInt8], of wanted: Set<Int>? = nil, sharing: WorkSharing = .alone
    ) throws(EvidenceError) {
        let pages = wanted.map { Set($0.map { place(of: $0).page }) }
        let segment = try DecodedSegment(bytes, identity: identityHash, settings: settings, latents: coder.latents)
        mergeTotals(of: segment)
        let places = segment.sources.map { sources.place(of: $0.name) }
        let counts = segment.counts.filter { pages?.contains($0.page) ?? true }
        changePages(counts.map(\.page), sharing: sharing) { page, index, _, _ in
            segment.forEachCount(in: counts[index]) { latent, epoch, theirs in
                var counts = theirs
                counts.move(sources: places)
                page.take(counts, of: latent % LatentPage.latents, epoch: epoch)
            }
        }
        mergeSamples(of: segment, on: pages, sharing: sharing)
    }

    /// Merges what a segment has of samples and pool; the next one does not repeat it.
    ///
    /// - Parameter wanted: The pages whose entries are wanted; `nil` for all.
    private mutating func mergeSamples(of segment: DecodedSegment, on wanted: Set<Int>?, sharing: WorkSharing) {
        if segment.sample < sample { trim(to: segment.sample, sharing: sharing) }
        if let day = segment.latestDay { advance(to: day) }
        let sections = segment.entries.filter { wanted?.contains($0.page) ?? true }
        let slots = intern(segment.windows)
        // Every entry's list gets a reference; those whose list is over give theirs up.
        let references = wanted == nil ? segment.references : segment.references(in: sections)
        for (window, count) in references.enumerated() where count > 0 {
            windows.retain(slots[window], count: count)
        }
        let priorities = slots.map { windows.storage.priority(of: $0) }
        let lists = SampleList.allCases.map { list(for: $0, latestDay: segment.latestDay) }
        let (latestDay, limits) = (latestDay, limits)
        let inboxes = (0..<sharing.members).map { _ in EntryInbox() }
        changePages(sections.map(\.page), sharing: sharing) { page, index, windows, member in
            let inbox = inboxes[member.number]
            page.advance(to: latestDay, limits: limits, windows: windows, scratch: member.settling)
            segment.forEachEntry(in: sections[index]) { entry in
                let slot = slots[entry.window]
                guard let list = lists[entry.list.rawValue] else { return member.settling.releases.append(slot) }
                inbox.add(
                    segment.bytes, at: entry.firing, of: entry.latent, document: entry.document, to: .init(list),
                    slot: slot, priority: priorities[entry.window], isWritten: true)
                guard inbox.isFull else { return }
                page.take(inbox, limits: limits, windows: windows, scratch: member.settling)
            }
            page.take(inbox, limits: limits, windows: windows, scratch: member.settling)
        }
        offerToPool(segment.pool, slots, areWritten: true)
        for slot in slots { windows.release(slot) }
    }

    /// Offers to the pool what was read of another, with windows in some slots.
    mutating func offerToPool(_ read: [DecodedSegment.PooledWindow], _ slots: [UInt32], areWritten: Bool) {
        offerToPool(
            read.map { entry in
                let slot = slots[entry.window]
                return PoolEntry(
                    slot: slot, priority: windows.storage.priority(of: slot), document: entry.document,
                    marks: entry.marks, latents: entry.latents, isWritten: areWritten)
            })
    }

    /// The slots of windows, each of which is held until it is released.
    mutating func intern(_ all: [[UInt32]]) -> [UInt32] {
        all.map { tokens in
            let identity = hashing.identity(of: tokens[...])
            return windows.intern(tokens[...], identity: identity, priority: hashing.priority(of: identity))
        }
    }

    private mutating func mergeTotals(of segment: DecodedSegment) {
        for source in segment.sources { _ = place(ofSource: source.name) }
        guard segment.totalsEpoch >= totalsEpoch else { return }
        let isLater = segment.totalsEpoch > totalsEpoch
        totalsEpoch = segment.totalsEpoch
        if isLater { totals = segment.totals } else { totals.takeLarger(segment.totals) }
        for bin in 0..<PositionBins.count {
            positions[bin] = isLater ? segment.positions[bin] : max(positions[bin], segment.positions[bin])
        }
        for source in segment.sources {
            guard let place = sources.place(of: source.name), let own = sources.places[place] else { continue }
            sources.replace(
                tokens: isLater ? source.tokens : max(own.tokens, source.tokens),
                contexts: isLater ? source.contexts : max(own.contexts, source.contexts), at: place)
        }
    }

    /// Merges the reservoir of another part of the stream: samples merge, counts add.
    ///
    /// The parts must have no record in common for the counts to be right. Throws `EvidenceError.foreignReservoir`
    /// unless settings and coder are equal.
    public mutating func merge(_ other: Reservoir) throws(EvidenceError) {
        guard settings == other.settings, coder == other.coder else { throw .foreignReservoir }
        if !other.isEmpty { hasChanges = true }
        lower(sampleTo: other.sample)
        totals.add(other.totals)
        for bin in 0..<PositionBins.count { positions[bin] &+= other.positions[bin] }
        for source in other.sources.places.compactMap(\.self) {
            if let place = place(ofSource: source.name) { sources.add(source, at: place) }
        }
        let places = other.sources.places.map { $0.flatMap { sources.place(of: $0.name) } }
        totalsEpoch = max(totalsEpoch, other.totalsEpoch)
        if let day = other.latestDay { advance(to: day) }
        var slots: [UInt32: UInt32] = [:]
        let other = other.settled()
        let scratch = SettlingScratch()
        for page in pages.indices { merge(other.pages[page], at: page, of: other, places, &slots, scratch) }
        offerToPool(
            other.pool.entries.map { entry in
                PoolEntry(
                    slot: intern(entry.slot, of: other, known: &slots), priority: entry.priority,
                    document: entry.document, marks: entry.marks.intersection(.sides), latents: entry.latents,
                    isWritten: false)
            })
        for slot in slots.values { windows.release(slot) }
    }

    private mutating func merge(
        _ theirs: LatentPage, at page: Int, of other: Reservoir, _ places: [Int?], _ slots: inout [UInt32: UInt32],
        _ scratch: SettlingScratch
    ) {
        for latent in 0..<theirs.count {
            var counts = theirs.counters.counts(of: latent)
            if !counts.isZero {
                counts.move(sources: places)
                counts.add(pages[page].counters.counts(of: latent))
                pages[page].counters.set(counts, of: latent)
                pages[page].gates[latent].changes.insert(.counts)
            }
            pages[page].epochs[latent] = max(pages[page].epochs[latent], theirs.epochs[latent])
            for source in SampleList.allCases {
                guard let list = list(for: source, latestDay: other.latestDay) else { continue }
                for (entry, firing) in theirs.samples.placed(source, latent: latent) {
                    let slot = intern(entry.slot, of: other, known: &slots)
                    offer(
                        theirs.samples.firings, at: firing, of: page * LatentPage.latents + latent, slot: slot,
                        priority: entry.priority, document: entry.document, to: list, isWritten: false,
                        scratch: scratch)
                }
            }
        }
    }

    /// The own slot of another reservoir's window; each is held once until the merge is over.
    private mutating func intern(_ slot: UInt32, of other: Reservoir, known: inout [UInt32: UInt32]) -> UInt32 {
        if let own = known[slot] { return own }
        let storage = other.windows.storage
        let own = windows.intern(
            storage.tokens(of: slot)[...], identity: storage.identity(of: slot), priority: storage.priority(of: slot))
        known[slot] = own
        return own
    }

    /// The own list for entries of a list that was kept when `latestDay` was the latest day; `nil` if their day is
    /// over.
    func list(for list: SampleList, latestDay: Int64?) -> SampleList? {
        switch list {
        case .train, .top, .test: list
        case .latestDay: latestDay.flatMap { self.list(ofDay: $0) }
        case .earlierDay: latestDay.flatMap { self.list(ofDay: $0 - 1) }
        }
    }
}
