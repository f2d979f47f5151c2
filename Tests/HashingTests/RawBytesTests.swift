import Hashing
import Testing

@Suite struct RawBytesTests {
    /// At every place within a word and of every length up to some words.
    @Test(arguments: 0..<9, 0..<34)
    func rawBytesHashAsTheSameBytesOneByOne(before: Int, count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let key = SipKey(k0: 1, k1: 2)
        var (raw, plain) = (SipHasher(key: key, wide: true), SipHasher(key: key, wide: true))
        let start = [UInt8](repeating: 9, count: before)
        raw.update(start)
        plain.update(start)
        bytes.withUnsafeBytes { raw.update(rawBytes: $0) }
        plain.update(bytes)
        raw.update(UInt8(3))
        plain.update([3])
        #expect(raw.finalize128() == plain.finalize128())
    }

    /// At every place within a word.
    @Test(arguments: 0..<9, 0..<5)
    func wordsHashAsTheSameIntegersOneByOne(before: Int, count: Int) {
        let words = (0..<count).map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 &+ 5 }
        let key = SipKey(k0: 1, k1: 2)
        var (all, plain) = (SipHasher(key: key, wide: true), SipHasher(key: key, wide: true))
        let start = [UInt8](repeating: 9, count: before)
        all.update(start)
        plain.update(start)
        words.withUnsafeBufferPointer { all.update(words: $0) }
        for word in words { plain.update((0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }) }
        all.update(UInt8(3))
        plain.update([3])
        #expect(all.finalize128() == plain.finalize128())
    }
}
