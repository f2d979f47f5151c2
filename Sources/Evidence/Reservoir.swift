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
    var counts: [LatentCounts]
    /// Per latent, the highest epoch under which its counts were written or read.
    var countEpochs: [UInt64]
    var totalsEpoch: UInt64 = 0
    /// Tokens by the bin of their position in the context; they and the sources belong to `totalsEpoch`.
    var positions = InlineArray<12, UInt64>(repeating: 0)
    var sources = SourceTable()
    var samples: [LatentSamples]
    var gates: [LatentGate]
    var digests: [LatentDigest]
    var poolDigest: Hash128?
    var windows = WindowTable()
    var pool: NegativePool
    /// Whether anything has changed since the last segment.
    var hasChanges = false
    var scratch: WindowScratch

    /// Makes an empty reservoir; memory for `coder.latents` latents is taken at once (`memoryBound` tells how much).
    public init(settings: ReservoirSettings, coder: CoderIdentity) {
        let latents = max(0, coder.latents)
        self.settings = settings
        limits = settings
        self.coder = coder
        hashing = WindowHashing(seed: settings.seed)
        counts = Array(repeating: LatentCounts(), count: latents)
        countEpochs = Array(repeating: 0, count: latents)
        samples = Array(repeating: LatentSamples(), count: latents)
        gates = Array(repeating: LatentGate(settings: settings), count: latents)
        digests = Array(repeating: LatentDigest(), count: latents)
        pool = NegativePool(capacity: settings.pool, latents: latents)
        scratch = WindowScratch(latents: latents)
    }

    /// Whether nothing has been seen.
    public var isEmpty: Bool { totals == StreamTotals() }

    /// A fixed view of the evidence as it is now, which shares storage with the reservoir.
    ///
    /// Cheap right after `segment(epoch:)` or `wholeSegment(epoch:)`, which bring the digest up to date.
    public func view() -> any EvidenceView {
        EvidenceSnapshot(
            coder: coder, totals: totals, digest: digest, counts: counts, samples: samples,
            windows: windows.storage, poolEntries: pool.entries, positions: positions, sources: sources)
    }

    /// The place of a source in the counts of every latent, cleared if another had it; `nil` if it has none.
    mutating func place(ofSource name: String) -> Int? {
        let (place, cleared) = sources.admit(name)
        if let cleared {
            for latent in counts.indices { counts[latent].sources[cleared] = 0 }
        }
        return place
    }

    /// Makes the day of a record the latest if it is later, and lets go of what is older than the day before.
    mutating func advance(to day: Int64) {
        guard let latest = latestDay else {
            latestDay = day
            return
        }
        guard day > latest else { return }
        latestDay = day
        let steps = day - latest > 1 ? 2 : 1
        for latent in samples.indices
        where samples[latent].count(of: .earlierDay) > 0 || samples[latent].count(of: .latestDay) > 0 {
            samples[latent].advanceDay(by: steps, windows: &windows)
            gates[latent].update(from: samples[latent], settings: limits)
            gates[latent].changes.insert(.digest)
        }
    }

    /// The list of a day, if windows of that day are kept.
    func list(ofDay day: Int64) -> SampleList? {
        guard let latestDay else { return nil }
        if day == latestDay { return .latestDay }
        return day == latestDay - 1 ? .earlierDay : nil
    }

    /// Offers a firing, which starts at `start` of `bytes`, to a latent's list; keeps gate and change marks right.
    mutating func offer(
        _ bytes: [UInt8], at start: Int, of latent: Int, slot: UInt32, priority: UInt64, document: DocumentMark,
        to list: SampleList, isWritten: Bool
    ) {
        let changed = samples[latent].offer(
            bytes, at: start, slot: slot, priority: priority, document: document, to: list,
            capacity: limits.capacity(of: list), isWritten: isWritten, windows: &windows)
        guard changed else { return }
        gates[latent].update(list, from: samples[latent], settings: limits)
        gates[latent].changes.insert(isWritten ? .digest : [.digest, .entries])
    }
}
