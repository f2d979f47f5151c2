/// Merges a long word in nearly linear time, however long: a linked list of symbols, and for each rank the places of its pairs.
///
/// Places are not removed when a neighbour's merge makes them outdated; they are passed over when their turn comes.
struct LongWordMerger {
    private var symbols: [UInt32]
    private var previous: [Int32]
    private var next: [Int32]
    private var places: [UInt32: [Int32]] = [:]
    private var ranks = RankHeap()
    private let merges: MergeTable
    private static let dead = UInt32.max

    /// Starts with symbols; fewer than 2³¹ of them.
    init(_ symbols: [UInt32], _ merges: MergeTable) {
        self.symbols = symbols
        self.merges = merges
        previous = symbols.indices.map { Int32(truncatingIfNeeded: $0 - 1) }
        next = symbols.indices.map { $0 + 1 < symbols.count ? Int32(truncatingIfNeeded: $0 + 1) : -1 }
        for place in symbols.indices { add(Int32(truncatingIfNeeded: place)) }
    }

    /// Merges all there is to merge and appends the tokens.
    consuming func append(to tokens: inout [UInt32]) {
        while let rank = ranks.pop(), var due = places.removeValue(forKey: rank) {
            due.sort()
            for (index, place) in due.enumerated() {
                merge(Int(place), rank)
                // A merge may give a pair that goes before the rest of its own rank; a merge's token is longer than its parts, so
                // that it never gives one of the same rank.
                if let least = ranks.least, least < rank {
                    places[rank] = Array(due[(index + 1)...])
                    ranks.push(rank)
                    break
                }
            }
        }
        for symbol in symbols where symbol != Self.dead { tokens.append(symbol) }
    }

    /// Merges the pair that starts at a place, if it is still the pair of that rank.
    private mutating func merge(_ place: Int, _ rank: UInt32) {
        guard symbols[place] != Self.dead, next[place] >= 0 else { return }
        let right = Int(next[place])
        let merge = merges[symbols[place], symbols[right]]
        guard merge.rank == rank else { return }
        symbols[place] = merge.token
        symbols[right] = Self.dead
        next[place] = next[right]
        if next[place] >= 0 { previous[Int(next[place])] = Int32(truncatingIfNeeded: place) }
        if previous[place] >= 0 { add(previous[place]) }
        add(Int32(truncatingIfNeeded: place))
    }

    /// Adds the pair that starts at a place, if there is a merge of it.
    private mutating func add(_ place: Int32) {
        let left = Int(place)
        guard next[left] >= 0 else { return }
        let rank = merges[symbols[left], symbols[Int(next[left])]].rank
        guard rank != .max else { return }
        if places[rank]?.append(place) == nil {
            places[rank] = [place]
            ranks.push(rank)
        }
    }
}
