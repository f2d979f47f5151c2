internal import Elements
internal import Hashing

/// Some hundred latents side by side: what is kept of each in columns, and their lists together.
///
/// Pages are what views share and what threads share out: a page that a view holds is copied when it is written to.
struct LatentPage: Sendable {
    /// The latents of a full page.
    static let latents = 256

    /// The bytes that a latent takes before it has any window.
    static let bytesPerLatent =
        MemoryLayout<LatentCounters>.stride + MemoryLayout<UInt64>.stride + MemoryLayout<LatentGate>.stride
        + MemoryLayout<LatentDigest>.stride + MemoryLayout<PageSamples.Place>.stride

    let count: Int
    var counters: [LatentCounters]
    /// Counts that have grown too large for `counters`, to be added to those there.
    private var spilled: [Int: LatentCounts] = [:]
    /// The highest epoch under which a latent's counts were written or read.
    var epochs: [UInt64]
    var gates: [LatentGate]
    var digests: [LatentDigest]
    var samples: PageSamples
    var log = FiringLog()
    /// The latest day when the lists were last brought up to date.
    private(set) var day: Int64?

    init(latents count: Int, settings: ReservoirSettings) {
        self.count = count
        counters = Array(repeating: LatentCounters(), count: count)
        epochs = Array(repeating: 0, count: count)
        gates = Array(repeating: LatentGate(settings: settings), count: count)
        digests = Array(repeating: LatentDigest(), count: count)
        samples = PageSamples(latents: count)
    }

    /// Whether its lists hold all that was offered to them, as of the latest day.
    func isSettled(on latestDay: Int64?) -> Bool { log.isEmpty && day == latestDay }

    /// Whether the log is to be taken into the lists.
    var isLogLarge: Bool { log.isLarge(beside: samples.byteCount, latents: count) }

    var residentBytes: Int {
        counters.residentBytes + epochs.residentBytes + gates.residentBytes + digests.residentBytes
            + samples.residentBytes + log.records.residentBytes + log.firings.residentBytes
            + spilled.count * (MemoryLayout<LatentCounts>.stride + 32)
    }

    /// What was counted of a latent.
    func counts(of latent: Int) -> LatentCounts {
        var counts = counters[latent].counts
        if let more = spilled[latent] { counts.add(more) }
        return counts
    }

    /// Whether `counters` hold all that was counted of a latent.
    func isSmall(_ latent: Int) -> Bool { spilled.isEmpty || spilled[latent] == nil }

    /// The tokens at which a latent fired, and the windows in which it did.
    func fired(by latent: Int) -> (tokens: UInt64, windows: UInt64) {
        let counters = counters[latent]
        let (tokens, windows) = (UInt64(counters.tokensFired), UInt64(counters.windowsFired))
        guard !spilled.isEmpty, let more = spilled[latent] else { return (tokens, windows) }
        return (tokens &+ more.tokensFired, windows &+ more.windowsFired)
    }

    /// Puts counts in the place of what was counted of a latent.
    mutating func set(_ counts: LatentCounts, of latent: Int) {
        if let small = LatentCounters(counts) {
            counters[latent] = small
            spilled[latent] = nil
        } else {
            counters[latent] = LatentCounters()
            spilled[latent] = counts
        }
    }

    /// Moves the counts of a latent to where numbers may be large.
    mutating func spill(_ latent: Int) {
        spilled[latent] = counts(of: latent)
        counters[latent] = LatentCounters()
    }

    /// Puts the counters of a block in the place of its own, and the other way round.
    mutating func exchange(_ other: inout BlockCounts.Page) {
        swap(&counters, &other.counters)
        swap(&spilled, &other.spilled)
    }

    /// Notes the epoch of a segment for the latents whose counts have changed since the one before.
    mutating func note(epoch: UInt64) {
        for latent in 0..<count where gates[latent].changes.contains(.counts) {
            epochs[latent] = max(epochs[latent], epoch)
        }
    }

    /// Forgets the counts by the source in a place.
    mutating func clear(source place: Int) {
        for latent in 0..<count { counters[latent].clear(source: place) }
        for latent in spilled.keys { spilled[latent]?.sources[place] = 0 }
    }

    /// Takes what the log holds into the lists.
    mutating func settle(
        limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch, isTrimming: Bool = false
    ) {
        guard isTrimming || !log.isEmpty else { return }
        var outcomes = gates
        samples = PageSettling.settle(
            samples, log, limits: limits, windows: windows, isTrimming: isTrimming, scratch: scratch
        ) { latent, outcome in
            for list in SampleList.allCases { outcomes[latent].set(list, last: outcome.last[list.rawValue]) }
            outcomes[latent].set(topPeak: limits.top == 0 ? .max : outcome.topPeak)
            outcomes[latent].changes.formUnion(outcome.changes)
        }
        gates = outcomes
        log = FiringLog()
    }

    /// Lets go of what is older than the day before the latest.
    mutating func advance(
        to latestDay: Int64?, limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch
    ) {
        guard let latestDay, day != latestDay else { return }
        defer { day = latestDay }
        guard let day else { return }
        settle(limits: limits, windows: windows, scratch: scratch)
        // Days only go up, and are far from the largest integers.
        dropDays(keepsLatest: latestDay - day == 1, limits: limits, scratch: scratch)
    }

    /// Lets go of the windows of both days; from now on `today` is the latest, which may be earlier than the one before.
    mutating func forgetDays(
        today: Int64, limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch
    ) {
        settle(limits: limits, windows: windows, scratch: scratch)
        dropDays(keepsLatest: false, limits: limits, scratch: scratch)
        day = today
    }

    /// Lets go of the earlier day, whose place the latest takes if it is kept.
    private mutating func dropDays(keepsLatest: Bool, limits: ReservoirSettings, scratch: SettlingScratch) {
        let (earlier, latest) = (SampleList.earlierDay.rawValue, SampleList.latestDay.rawValue)
        let holds = samples.places.contains { $0.counts[earlier] > 0 || $0.counts[latest] > 0 }
        guard holds else { return }
        var entries: [SampleEntry] = []
        var firings: [UInt8] = []
        var places: [PageSamples.Place] = []
        for latent in 0..<count {
            var place = samples.places[latent]
            (place.entry, place.firing) = (UInt32(truncatingIfNeeded: entries.count), firings.count)
            samples.forEachEntry(of: latent) { list, index, firing in
                if list == .earlierDay || list == .latestDay && !keepsLatest {
                    scratch.releases.append(samples.entries[index].slot)
                } else {
                    entries.append(samples.entries[index])
                    firings.append(contentsOf: Firing.slice(of: samples.firings, at: firing))
                }
            }
            if place.counts[earlier] > 0 || place.counts[latest] > 0 { gates[latent].changes.insert(.digest) }
            place.counts[earlier] = keepsLatest ? place.counts[latest] : 0
            place.counts[latest] = 0
            let isFull = Int(place.counts[earlier]) >= limits.recent
            gates[latent].set(.earlierDay, last: isFull ? place.counts[earlier] == 0 ? 0 : entries.last?.priority : nil)
            gates[latent].set(.latestDay, last: limits.recent == 0 ? 0 : nil)
            places.append(place)
        }
        samples = PageSamples(entries: entries, firings: firings, places: places)
    }
}
