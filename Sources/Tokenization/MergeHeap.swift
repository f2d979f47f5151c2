/// A binary heap of pairs to be merged: the lowest rank on top, of equal ones the leftmost.
struct MergeHeap {
    /// Rank above place.
    private var entries: [UInt64] = []

    init(capacity: Int) { entries.reserveCapacity(capacity) }

    mutating func push(rank: UInt32, place: Int32) {
        let entry = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: place))
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entry < entries[(child - 1) / 2] {
            entries[child] = entries[(child - 1) / 2]
            child = (child - 1) / 2
        }
        entries[child] = entry
    }

    mutating func pop() -> (rank: UInt32, place: Int)? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        if !entries.isEmpty {
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < entries.count else { break }
                if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
                guard entries[child] < last else { break }
                entries[parent] = entries[child]
                parent = child
            }
            entries[parent] = last
        }
        return (UInt32(truncatingIfNeeded: top >> 32), Int(UInt32(truncatingIfNeeded: top)))
    }
}
