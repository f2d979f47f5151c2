extension Array {
    /// The bytes that this array's own storage takes, its header included, but not what its elements refer to.
    public var residentBytes: Int { capacity == 0 ? 0 : 32 + capacity * MemoryLayout<Element>.stride }
}

extension Dictionary {
    /// The bytes that this dictionary's own storage takes: a power of two of places, at most three quarters taken, and a
    /// bit for each.
    public var residentBytes: Int {
        guard capacity > 0 else { return 0 }
        let least = (capacity * 4 + 2) / 3
        let places = 1 << (Int.bitWidth - (least - 1).leadingZeroBitCount)
        return 64 + places * (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride) + places / 8
    }
}
