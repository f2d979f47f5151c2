extension SipHasher {
    /// Adds bytes to the hash, eight at a time: the value is that of `update(_:)` over the same bytes.
    @inlinable
    public mutating func update(rawBytes bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        for word in 0..<words {
            update(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)))
        }
        for byte in bytes[(8 * words)...] { update(byte) }
    }
}
