/// The active latents of many columns, in the order in which they are found: latent by latent.
///
/// Each column's entries are linked one to the next, so that columns with few and with many share one buffer. A column keeps no
/// more than `most`; what comes after is counted only. The buffer stays as large as it once was.
struct ActiveEntries {
    private struct Entry {
        let latent: Int32
        let activation: Float
        /// The place of the column's next entry; 0 if there is none, since no entry follows itself.
        var next: UInt32
    }

    /// The number of columns of the batch at hand.
    private(set) var columns = 0
    /// Per column, 1 if it is a row of the input.
    let isUsed: ColumnFlags
    /// Per column, 1 if the latent at hand is active.
    let isActive: ColumnFlags

    private let most: Int
    private var entries: [Entry] = []
    private var first: [UInt32]
    private var last: [UInt32]
    private var counts: [Int]

    init(maximumColumns: Int, most: Int) {
        // Places are 32-bit numbers.
        self.most = max(1, min(most, Int(UInt32.max) / max(maximumColumns, 1)))
        first = [UInt32](repeating: 0, count: maximumColumns)
        last = first
        counts = [Int](repeating: 0, count: maximumColumns)
        isUsed = ColumnFlags(maximumColumns: maximumColumns)
        isActive = ColumnFlags(maximumColumns: maximumColumns)
    }

    /// The memory it takes, in bytes.
    var byteCount: Int { MemoryLayout<Entry>.stride * entries.capacity + 16 * counts.count }

    /// Forgets all entries and begins a batch of `columns` columns; those in `used` are rows of the input.
    mutating func begin(columns: Int, used: [Int]) {
        self.columns = columns
        entries.removeAll(keepingCapacity: true)
        for column in counts.indices { counts[column] = 0 }
        isUsed.pointer.update(repeating: 0, count: columns)
        for column in used { isUsed.pointer[column] = 1 }
    }

    /// Adds an entry to a column, of a higher latent than those before.
    mutating func append(latent: Int, activation: Float, column: Int) {
        let count = counts[column]
        counts[column] = count + 1
        guard count < most else { return }
        let place = UInt32(truncatingIfNeeded: entries.count)
        entries.append(Entry(latent: Int32(truncatingIfNeeded: latent), activation: activation, next: 0))
        if count == 0 { first[column] = place } else { entries[Int(last[column])].next = place }
        last[column] = place
    }

    /// Adds a column's entries to codes.
    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault? {
        guard counts[column] <= most else { return .tooMany(active: counts[column], most: most) }
        var place = Int(first[column])
        for _ in 0..<counts[column] {
            let entry = entries[place]
            guard entry.activation.isFinite else { return .notFinite(latent: Int(entry.latent)) }
            codes.append(latent: entry.latent, activation: entry.activation)
            place = Int(entry.next)
        }
        return nil
    }
}
