extension SipHasher {
    /// Adds bytes to the hash, eight at a time: the value is that of `update(_:)` over the same bytes.
    @inlinable
    public mutating func update(rawBytes bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        absorb(words: words) {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
        }
        for byte in bytes[(8 * words)...] { update(byte) }
    }

    /// Adds integers to the hash: the value is that of `update(_:)` over each of them.
    @inlinable
    public mutating func update(words: UnsafeBufferPointer<UInt64>) { absorb(words: words.count) { words[$0] } }

    @inlinable
    mutating func absorb(words count: Int, _ word: (Int) -> UInt64) {
        guard count > 0 else { return }
        // A copy that nobody else can see stays in registers, which makes this three times as fast.
        var hasher = self
        let shift = 8 * (length & 7)
        hasher.length &+= 8 &* UInt64(count)
        for index in 0..<count {
            let bits = word(index)
            hasher.absorb(hasher.tail | bits << shift)
            hasher.tail = bits >> (64 - shift)
        }
        self = hasher
    }
}
