/// The merges: which pairs of tokens become one, and in what order of preference.
struct MergeTable: Sendable {
    /// A merge: the lower rank goes first.
    struct Merge {
        let rank: UInt32
        let token: UInt32

        /// No merge; its rank is above every real one.
        static let none = Merge(rank: .max, token: .max)
    }

    /// Keys and values side by side, so that a look-up touches one cache line.
    private var slots: [SIMD2<UInt64>]
    private let mask: Int
    private static let empty = UInt64.max

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        slots = [SIMD2<UInt64>](repeating: SIMD2(Self.empty, Self.empty), count: size)
        mask = size - 1
    }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let product = key &* 0x9e37_79b9_7f4a_7c15
        var slot = Int(truncatingIfNeeded: product >> 32 ^ product) & mask
        while slots[slot].x != key, slots[slot].x != Self.empty { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    /// Adds one of at most `capacity` merges; of two of the same pair the later one counts.
    mutating func insert(_ left: UInt32, _ right: UInt32, _ merge: Merge) {
        let key = Self.key(left, right)
        slots[slot(of: key)] = SIMD2(key, UInt64(merge.rank) << 32 | UInt64(merge.token))
    }

    /// The merge of a pair.
    @inline(__always)
    subscript(_ left: UInt32, _ right: UInt32) -> Merge {
        let value = slots[slot(of: Self.key(left, right))].y
        return Merge(rank: UInt32(truncatingIfNeeded: value >> 32), token: UInt32(truncatingIfNeeded: value))
    }
}
