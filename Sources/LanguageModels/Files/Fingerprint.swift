internal import Hashing

/// A hash of many bytes at the speed of memory: eight lanes mixed word by word, closed with SipHash.
///
/// It tells contents apart, it does not keep secrets: each step is a bijection of its lane, so that contents which differ in
/// one word always end in different lanes; others collide by chance only.
struct Fingerprint {
    private var lanes = SIMD8<UInt64>(1, 2, 3, 4, 5, 6, 7, 8)
    private var length: UInt64 = 0

    private mutating func mix(_ words: SIMD8<UInt64>) {
        var mixed = (lanes ^ words) &* SIMD8(repeating: 0x9e37_79b9_7f4a_7c15)
        mixed ^= mixed &>> 32
        lanes = mixed
    }

    /// Adds bytes, and that they end here.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let whole = bytes.count / 64 * 64
        for offset in stride(from: 0, to: whole, by: 64) {
            mix(bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self))
        }
        var rest = SIMD8<UInt64>()
        withUnsafeMutableBytes(of: &rest) { $0.copyBytes(from: bytes[whole...]) }
        mix(rest)
        length &+= UInt64(bytes.count)
        mix(SIMD8(repeating: UInt64(bytes.count)))
    }

    /// Adds a text.
    mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// Adds integers.
    mutating func update(_ values: [Int]) {
        values.withUnsafeBytes { update($0) }
    }

    /// The hash of all that was added.
    func finalize() -> Hash128 {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for lane in lanes.indices { hasher.update(lanes[lane]) }
        hasher.update(length)
        return hasher.finalize128()
    }
}
