/// Entries and pool windows gathered for segments of a bounded size: a chunk ends before what would make it too large.
struct SegmentChunks {
    /// What one segment holds.
    struct Chunk {
        /// By latent, by list.
        var entries: [Int: [[(entry: SampleEntry, firing: Int)]]] = [:]
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
    mutating func add(
        _ entry: SampleEntry, _ firing: Int, of latent: Int, in list: SampleList, bytes: Int, windowBytes: Int
    ) {
        makeRoom(bytes, windowBytes, for: entry.slot)
        current.entries[latent, default: Array(repeating: [], count: SampleList.allCases.count)][list.rawValue]
            .append((entry, firing))
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
