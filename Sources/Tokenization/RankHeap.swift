/// A binary heap of ranks, the least on top.
struct RankHeap {
    private var ranks: [UInt32] = []

    /// The least rank.
    var least: UInt32? { ranks.first }

    mutating func push(_ rank: UInt32) {
        ranks.append(rank)
        var child = ranks.count - 1
        while child > 0, ranks[child] < ranks[(child - 1) / 2] {
            ranks.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> UInt32? {
        guard let top = ranks.first, let last = ranks.popLast() else { return nil }
        if ranks.isEmpty { return top }
        ranks[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < ranks.count && ranks[child] < ranks[least] {
                least = child
            }
            if least == parent { return top }
            ranks.swapAt(parent, least)
            parent = least
        }
    }
}
