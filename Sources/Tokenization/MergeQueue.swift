import HeapModule

/// Pairs to be merged: the lowest rank first, of equal ranks the leftmost.
///
/// Those that a word starts with are sorted once; those that merges give go into a heap.
struct MergeQueue {
    /// Rank above place, each.
    private var sorted: [UInt64]
    private var nextSorted = 0
    private var heap = Heap<UInt64>()

    /// Starts with pairs in the order of their places.
    init(_ pairs: [(rank: UInt32, place: Int32)]) {
        sorted = pairs.map { Self.entry($0.rank, $0.place) }
        sortByRank()
    }

    @inline(__always)
    private static func entry(_ rank: UInt32, _ place: Int32) -> UInt64 {
        UInt64(rank) << 32 | UInt64(UInt32(bitPattern: place))
    }

    /// Sorts by counting, eleven bits of the rank at a time; places of equal rank stay in order.
    private mutating func sortByRank() {
        guard sorted.count > 1 else { return }
        var other = sorted
        let most = sorted.reduce(0) { max($0, $1 >> 32) }
        for shift in stride(from: 32, to: 64, by: 11) as StrideTo<UInt64> where shift == 32 || most >> (shift - 32) > 0
        {
            var starts = [Int](repeating: 0, count: 1 << 11)
            for entry in sorted { starts[Int(truncatingIfNeeded: entry >> shift & 0x7ff)] += 1 }
            var start = 0
            for digit in starts.indices { (starts[digit], start) = (start, start + starts[digit]) }
            for entry in sorted {
                let digit = Int(truncatingIfNeeded: entry >> shift & 0x7ff)
                other[starts[digit]] = entry
                starts[digit] += 1
            }
            swap(&sorted, &other)
        }
    }

    mutating func push(rank: UInt32, place: Int32) { heap.insert(Self.entry(rank, place)) }

    mutating func pop() -> (rank: UInt32, place: Int)? {
        let top: UInt64
        if nextSorted < sorted.count, heap.min.map({ sorted[nextSorted] < $0 }) ?? true {
            top = sorted[nextSorted]
            nextSorted += 1
        } else if let least = heap.popMin() {
            top = least
        } else {
            return nil
        }
        return (UInt32(truncatingIfNeeded: top >> 32), Int(UInt32(truncatingIfNeeded: top)))
    }
}
