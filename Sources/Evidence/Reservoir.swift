public import Elements
internal import Hashing

/// The evidence of one coder's latents: mergeable samples of windows, a pool of negatives, and counts.
///
/// Samples, top, recent and pool are functions of the set of windows seen: order, repeats and the way in which work
/// was split leave no trace. A sample keeps the windows of lowest priority, and that bar only falls as more is seen,
/// so a window that is kept at the end was kept at each of its occurrences and shows the best of them. The bar of
/// `top` only rises, so the occurrence by which a window is in `top` at the end could never have been turned away.
/// Counts count every occurrence: they do not depend on order, but a batch absorbed twice counts twice.
///
/// A value type with one owner; copies and views share storage until one of them changes.
public struct Reservoir: Sendable {
    /// How much is kept at most; they and the coder decide which segments and reservoirs can be merged.
    public let settings: ReservoirSettings
    /// The settings with the sample size in force.
    var limits: ReservoirSettings
    /// The coder whose latents these are.
    public let coder: CoderIdentity
    /// What has been seen in all; `windows` counts every window, too short ones also.
    public internal(set) var totals = StreamTotals()

    let hashing: WindowHashing
    /// The day of the latest record, in days since 1970.
    var latestDay: Int64?
    var totalsEpoch: UInt64 = 0
    /// Tokens by the bin of their position in the context; they and the sources belong to `totalsEpoch`.
    var positions = InlineArray<12, UInt64>(repeating: 0)
    var sources = SourceTable()
    /// The latents, `LatentPage.latents` a page.
    var pages: [LatentPage]
    var poolDigest: Hash128?
    var windows = WindowTable()
    var pool: NegativePool
    /// Whether anything has changed since the last segment.
    var hasChanges = false
    /// How many windows have been put before lists of latents since the last segment: no fewer than those in lists that no
    /// segment holds.
    public internal(set) var unwrittenEntries = 0
    private var scratch: AbsorbScratch?

    /// Makes an empty reservoir; memory for `coder.latents` latents is taken at once (`memoryBound` tells how much).
    public init(settings: ReservoirSettings, coder: CoderIdentity) {
        let latents = max(0, coder.latents)
        self.settings = settings
        limits = settings
        self.coder = coder
        hashing = WindowHashing(seed: settings.seed)
        pages = stride(from: 0, to: latents, by: LatentPage.latents).map {
            LatentPage(latents: min(LatentPage.latents, latents - $0), settings: settings)
        }
        pool = NegativePool(capacity: settings.pool, latents: latents)
    }

    /// Whether nothing has been seen.
    public var isEmpty: Bool { totals == StreamTotals() }

    /// A fixed view of the evidence as it is now, which shares storage with the reservoir.
    ///
    /// Cheap right after `takeDigests(sharing:)`.
    public func view() -> any EvidenceView {
        let settled = settled()
        return EvidenceSnapshot(
            coder: coder, totals: totals, digest: settled.digest, pages: settled.pages,
            windows: settled.windows.storage, poolEntries: pool.entries, positions: positions, sources: sources)
    }

    /// The reservoir with all that it was offered in its lists.
    func settled() -> Reservoir {
        guard !isSettled else { return self }
        var copy = self
        copy.settle()
        return copy
    }

    private var isSettled: Bool { pages.allSatisfy { $0.isSettled(on: latestDay) } }

    /// Takes away the references to windows that lists have given up.
    mutating func giveUp(_ scratch: SettlingScratch) {
        for slot in scratch.releases { windows.release(slot) }
        scratch.releases.removeAll(keepingCapacity: true)
    }

    /// Offers windows to the pool.
    mutating func offerToPool(_ occurrences: [PoolEntry]) {
        if pool.offer(occurrences, windows: &windows) { poolDigest = nil }
    }

    /// The scratch of this reservoir alone.
    mutating func ownScratch() -> AbsorbScratch {
        if isKnownUniquelyReferenced(&scratch), let scratch { return scratch }
        let new = AbsorbScratch()
        scratch = new
        return new
    }

    var scratchBytes: Int { scratch?.residentBytes ?? 0 }

    /// The page of a latent and its place there.
    func place(of latent: Int) -> (page: Int, latent: Int) {
        (latent / LatentPage.latents, latent % LatentPage.latents)
    }

    /// The place of a source in the counts of every latent, cleared if another had it; `nil` if it has none.
    mutating func place(ofSource name: String) -> Int? {
        let (place, cleared) = sources.admit(name)
        if let cleared { clear(source: cleared) }
        return place
    }

    /// Forgets what latents counted for the place of a source.
    mutating func clear(source place: Int) {
        for page in pages.indices { pages[page].counters.clear(source: place) }
    }

    /// Makes the day of a record the latest if it is later; pages let go of what is older than the day before once they
    /// are used.
    mutating func advance(to day: Int64) { latestDay = max(latestDay ?? day, day) }

    /// The list of a day, if windows of that day are kept.
    func list(ofDay day: Int64) -> SampleList? {
        guard let latestDay else { return nil }
        if day == latestDay { return .latestDay }
        return day == latestDay - 1 ? .earlierDay : nil
    }

    /// Offers a firing, which starts at `start` of `bytes`, to a latent's list.
    mutating func offer(
        _ bytes: [UInt8], at start: Int, of latent: Int, slot: UInt32, priority: UInt64, document: DocumentMark,
        to list: SampleList, isWritten: Bool, scratch: SettlingScratch
    ) {
        let place = place(of: latent)
        pages[place.page].advance(to: latestDay, limits: limits, windows: windows.storage, scratch: scratch)
        windows.retain(slot)
        if !isWritten { unwrittenEntries += 1 }
        pages[place.page].log.append(
            bytes, at: start, latent: UInt8(truncatingIfNeeded: place.latent), slot: slot, priority: priority,
            document: document, lists: SampleList.Choice(list), isWritten: isWritten)
        if pages[place.page].isLogLarge {
            pages[place.page].settle(limits: limits, windows: windows.storage, scratch: scratch)
        }
        giveUp(scratch)
    }
}
