/// Merges a long word in nearly linear time, however long: a linked list of symbols and a queue of their pairs.
///
/// Pairs stay in the queue when a neighbour's merge makes them outdated; they are passed over when their turn comes.
struct LongWordMerger {
    private var symbols: [UInt32]
    private var previous: [Int32]
    private var next: [Int32]
    private var pairs: MergeQueue
    private let merges: MergeTable
    private static let dead = UInt32.max

    /// Pairs looked at so far: the measure of work.
    private(set) var work = 0

    /// Starts with symbols; fewer than 2³¹ of them.
    init(_ symbols: [UInt32], _ merges: MergeTable) {
        self.symbols = symbols
        self.merges = merges
        previous = symbols.indices.map { Int32(truncatingIfNeeded: $0 - 1) }
        next = symbols.indices.map { $0 + 1 < symbols.count ? Int32(truncatingIfNeeded: $0 + 1) : -1 }
        var first = [(rank: UInt32, place: Int32)]()
        for place in symbols.indices.dropLast() {
            let rank = merges[symbols[place], symbols[place + 1]].rank
            if rank != .max { first.append((rank, Int32(truncatingIfNeeded: place))) }
        }
        pairs = MergeQueue(first)
        work = symbols.count
    }

    /// Merges all there is to merge.
    mutating func run() {
        while let (rank, place) = pairs.pop() { merge(place, rank) }
    }

    /// Appends the tokens to a list.
    func append(to tokens: inout [UInt32]) { forEachToken { token, _ in tokens.append(token) } }

    /// Gives each token, and the place of its first symbol.
    func forEachToken(_ body: (UInt32, Int) -> Void) {
        for (place, symbol) in symbols.enumerated() where symbol != Self.dead { body(symbol, place) }
    }

    /// Merges the pair that starts at a place, if it is still the pair of that rank.
    private mutating func merge(_ place: Int, _ rank: UInt32) {
        work += 1
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
        work += 1
        let left = Int(place)
        guard next[left] >= 0 else { return }
        let rank = merges[symbols[left], symbols[Int(next[left])]].rank
        if rank != .max { pairs.push(rank: rank, place: place) }
    }
}
