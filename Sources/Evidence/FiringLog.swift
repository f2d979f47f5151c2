/// Firings that a page's lists have not taken in yet, in the order in which they came.
struct FiringLog: Sendable {
    /// One window in which a latent fired; each list it is meant for holds one reference to the window.
    struct Record: Sendable {
        // In halves, so that the record needs little padding.
        let high: UInt32
        let low: UInt32
        let slot: UInt32
        let document: DocumentMark
        /// Where its firing starts in the log's.
        var start: UInt32
        /// The latent's place in the page.
        let latent: UInt8
        let lists: SampleList.Choice
        /// Whether a segment holds it.
        var isWritten: Bool

        var priority: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }

    /// The most bytes that a log may hold, so that places in it fit.
    static let most = 64 << 20
    /// The bytes for each latent that every log may hold.
    static let leastPerLatent = 64

    private(set) var records: [Record] = []
    private(set) var firings: [UInt8] = []
    /// Records at the start that segments hold, whatever those after them say.
    private var written = 0

    var isEmpty: Bool { records.isEmpty }

    /// The bytes taken.
    var byteCount: Int { records.count * MemoryLayout<Record>.stride + firings.count }

    /// What no segment holds of it.
    var unwritten: FiringLog {
        var log = FiringLog()
        log.records = records[written...].filter { !$0.isWritten }
        log.firings = log.records.isEmpty ? [] : firings
        return log
    }

    /// The bytes of the records that no segment may hold.
    var unwrittenBytes: Int {
        guard written < records.count else { return 0 }
        return (records.count - written) * MemoryLayout<Record>.stride + firings.count - Int(records[written].start)
    }

    /// Notes that all of it is in a segment.
    mutating func markWritten() {
        for index in written..<records.count { records[index].isWritten = true }
        written = records.count
    }

    /// Whether it has grown to half of lists that take `bytes`: settling then moves each firing a few times in all.
    func isLarge(beside bytes: Int, latents: Int) -> Bool {
        byteCount > min(max(Self.leastPerLatent * latents, bytes / 2), Self.most)
    }

    /// Adds records with their firings; their starts count from the first of those.
    mutating func append(
        _ more: UnsafeMutableBufferPointer<Record>, firings bytes: UnsafeBufferPointer<UInt8>
    ) {
        let start = UInt32(truncatingIfNeeded: firings.count)
        for index in more.indices { more[index].start &+= start }
        Self.makeRoom(for: more.count, in: &records)
        Self.makeRoom(for: bytes.count, in: &firings)
        records.append(contentsOf: more)
        firings.append(contentsOf: bytes)
    }

    /// Makes room, growing by a half: doubling would waste more, and less would move more.
    private static func makeRoom<Element>(for more: Int, in array: inout [Element]) {
        guard array.count + more > array.capacity else { return }
        array.reserveCapacity(Swift.max(array.count + more, array.capacity + array.capacity / 2))
    }

    /// Adds one record with the firing that starts at `start` of `bytes`.
    mutating func append(
        _ bytes: [UInt8], at start: Int, latent: UInt8, slot: UInt32, priority: UInt64, document: DocumentMark,
        lists: SampleList.Choice, isWritten: Bool
    ) {
        records.append(
            Record(
                priority: priority, slot: slot, document: document, start: firings.count, latent: latent, lists: lists,
                isWritten: isWritten))
        firings.append(contentsOf: Firing.slice(of: bytes, at: start))
    }
}

extension FiringLog.Record {
    /// Makes a record whose firing starts at `start`, which is below 2³².
    init(
        priority: UInt64, slot: UInt32, document: DocumentMark, start: Int, latent: UInt8, lists: SampleList.Choice,
        isWritten: Bool
    ) {
        self.init(
            high: UInt32(truncatingIfNeeded: priority >> 32), low: UInt32(truncatingIfNeeded: priority), slot: slot,
            document: document, start: UInt32(truncatingIfNeeded: start), latent: latent, lists: lists,
            isWritten: isWritten)
    }
}
