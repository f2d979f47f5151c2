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
        PageCounters.bytesPerLatent + MemoryLayout<UInt64>.stride + MemoryLayout<LatentGate>.stride
        + MemoryLayout<LatentDigest>.stride + MemoryLayout<PageSamples.Place>.stride

    let count: Int
    var counters: PageCounters
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
        counters = PageCounters(latents: count)
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
        counters.small.residentBytes + counters.spilledBytes + epochs.residentBytes + gates.residentBytes
            + digests.residentBytes + samples.residentBytes + log.records.residentBytes + log.firings.residentBytes
    }

    /// Notes the epoch of a segment for the latents whose counts have changed since the one before.
    mutating func note(epoch: UInt64) {
        for latent in 0..<count where gates[latent].changes.contains(.counts) {
            epochs[latent] = max(epochs[latent], epoch)
        }
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
