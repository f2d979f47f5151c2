internal import Elements

/// Entries of a segment, or of changes, on their way into a page's log.
final class EntryInbox {
    private static let capacity = 1 << 14
    private let records = WorkBuffer<FiringLog.Record>()
    private let firings = WorkBuffer<UInt8>()
    // One member has it, and no call of it is within another.
    @exclusivity(unchecked) private var count = 0
    @exclusivity(unchecked) private var byteCount = 0

    init() {
        records.reserve(Self.capacity)
        // What the last one takes goes beyond what is full.
        firings.reserve(Self.capacity * 8 + Firing.byteCount(tokens: 256))
    }

    /// Whether it has to be emptied before more is added.
    var isFull: Bool { count == Self.capacity || byteCount >= Self.capacity * 8 }

    /// Adds an entry of a latent, whose firing starts at `start` of `bytes` and which holds a reference to its window for each list.
    @inline(__always) func add(
        _ bytes: [UInt8], at start: Int, of latent: Int, document: DocumentMark, to lists: SampleList.Choice,
        slot: UInt32, priority: UInt64, isWritten: Bool
    ) {
        (records.base + count).initialize(
            to: FiringLog.Record(
                priority: priority, slot: slot, document: document, start: byteCount,
                latent: UInt8(truncatingIfNeeded: latent % LatentPage.latents), lists: lists, isWritten: isWritten))
        count += 1
        bytes.withUnsafeBytes { bytes in
            let length = Firing.byteCount(in: bytes, at: start)
            for index in 0..<length { firings.base[byteCount + index] = bytes[start + index] }
            byteCount += length
        }
    }

    /// Moves what it holds to the end of a log.
    func empty(into log: inout FiringLog) {
        guard count > 0 else { return }
        log.append(
            UnsafeMutableBufferPointer(start: records.base, count: count),
            firings: UnsafeBufferPointer(start: firings.base, count: byteCount))
        (count, byteCount) = (0, 0)
    }
}

extension LatentPage {
    /// Logs entries, and takes them into the lists if they are many.
    mutating func take(
        _ inbox: EntryInbox, limits: ReservoirSettings, windows: WindowPages, scratch: SettlingScratch
    ) {
        inbox.empty(into: &log)
        if isLogLarge { settle(limits: limits, windows: windows, scratch: scratch) }
    }

    /// Takes counts of a segment unless there are some of a later one; of equal age the larger ones.
    mutating func take(_ counts: LatentCounts, of latent: Int, epoch: UInt64) {
        guard epoch >= epochs[latent] else { return }
        var counts = counts
        if epoch == epochs[latent] { counts.takeLarger(counters.counts(of: latent)) }
        counters.set(counts, of: latent)
        epochs[latent] = epoch
    }
}
