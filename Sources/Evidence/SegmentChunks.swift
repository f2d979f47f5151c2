/// Entries and pool windows gathered for segments of a bounded size: a chunk ends before what would make it too large.
struct SegmentChunks {
    /// What one segment holds.
    struct Chunk {
        /// By latent, the places of the first and the last of its entries in its page.
        var entries: [Int: ClosedRange<Int>] = [:]
        var pool: [PoolEntry] = []
        /// The windows that they refer to.
        var slots: Set<UInt32> = []
        var isEmpty: Bool { slots.isEmpty }
    }

    private let limit: Int
    private var chunks: [Chunk] = []
    private var current = Chunk()
    private var bytes = 0

    init(limit: Int) { self.limit = limit }

    /// All chunks, none of them empty.
    var whole: [Chunk] { current.isEmpty ? chunks : chunks + [current] }

    /// Adds an entry, which takes `bytes`, and its window `windowBytes` more unless the chunk has it already.
    ///
    /// - Parameter index: Its place in the page, after those of the latent that were added before.
    mutating func add(_ entry: SampleEntry, at index: Int, of latent: Int, bytes: Int, windowBytes: Int) {
        makeRoom(bytes, windowBytes, for: entry.slot)
        current.entries[latent] = (current.entries[latent]?.lowerBound ?? index)...index
    }

    /// Adds a window of the pool.
    mutating func add(_ entry: PoolEntry, bytes: Int, windowBytes: Int) {
        makeRoom(bytes, windowBytes, for: entry.slot)
        current.pool.append(entry)
    }

    private mutating func makeRoom(_ own: Int, _ window: Int, for slot: UInt32) {
        let more = own + (current.slots.contains(slot) ? 0 : window)
        if !current.isEmpty, bytes + more > limit {
            chunks.append(current)
            current = Chunk()
            bytes = own + window
        } else {
            bytes += more
        }
        current.slots.insert(slot)
    }
}
