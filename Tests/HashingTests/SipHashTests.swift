import Hashing
import Testing

@Suite struct SipHashTests {
    private let key = SipKey(k0: 0x0706_0504_0302_0100, k1: 0x0f0e_0d0c_0b0a_0908)

    private func bytes(of hash: Hash128) -> String {
        [hash.low, hash.high].map { word in
            (0..<8).map { index in
                let digits = String(word >> (8 * UInt64(index)) & 0xff, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
        }.joined()
    }

    @Test func narrowHashesAreThoseOfTheReference() {
        #expect(SipHashVectors.narrow.count == 64)
        for (length, expected) in SipHashVectors.narrow.enumerated() {
            var hasher = SipHasher(key: key, wide: false)
            hasher.update((0..<length).map { UInt8($0) })
            #expect(hasher.finalize64() == expected, "length \(length)")
        }
    }

    @Test func wideHashesAreThoseOfTheReference() {
        #expect(SipHashVectors.wide.count == 64)
        for (length, expected) in SipHashVectors.wide.enumerated() {
            var hasher = SipHasher(key: key, wide: true)
            hasher.update((0..<length).map { UInt8($0) })
            #expect(bytes(of: hasher.finalize128()) == expected, "length \(length)")
        }
    }

    @Test func whatIsFedInPiecesHashesAsInOneShot() {
        let input = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        for step in 1...31 {
            for isWide in [false, true] {
                var whole = SipHasher(key: key, wide: isWide)
                whole.update(input)
                var pieces = SipHasher(key: key, wide: isWide)
                var start = 0
                var length = 0
                while start < input.count {
                    // Pieces of 0, step, 2·step, … bytes, folded back to at most 40.
                    let end = min(input.count, start + length % 41)
                    pieces.update(input[start..<end])
                    start = end
                    length += step
                }
                if isWide {
                    #expect(pieces.finalize128() == whole.finalize128())
                } else {
                    #expect(pieces.finalize64() == whole.finalize64())
                }
            }
        }
    }

    @Test func integersHashAsTheirLittleEndianBytes() {
        for offset in 0..<16 {
            let prefix = (0..<offset).map { UInt8($0) }
            var words = SipHasher(key: key, wide: true)
            words.update(prefix)
            words.update(UInt8(0xfe))
            words.update(UInt16(0x0102))
            words.update(UInt32(0x8304_0506))
            words.update(UInt64(0xf708_090a_0b0c_0d0e))
            words.update(Int64(-2))
            words.update(Int32(-3))
            var plain = SipHasher(key: key, wide: true)
            plain.update(
                prefix + [0xfe, 0x02, 0x01, 0x06, 0x05, 0x04, 0x83, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08, 0xf7]
                    + [0xfe] + [UInt8](repeating: 0xff, count: 7) + [0xfd, 0xff, 0xff, 0xff])
            #expect(words.finalize128() == plain.finalize128(), "offset \(offset)")
        }
    }

    @Test func tokenIdsHashAsFourBytesEach() {
        let tokens: [UInt32] = [1, 0x1234_5678, 0, .max, 49_151]
        var plain = SipHasher(key: key, wide: true)
        plain.update(tokens.flatMap { token in (0..<4).map { UInt8(truncatingIfNeeded: token >> (8 * UInt32($0))) } })
        #expect(SipHasher.hash128(tokens: tokens, key: key) == plain.finalize128())
    }

    @Test func adjacentTextsDoNotRunTogether() {
        var one = SipHasher(key: key, wide: true)
        one.update(text: "ab")
        one.update(text: "c")
        var other = SipHasher(key: key, wide: true)
        other.update(text: "a")
        other.update(text: "bc")
        #expect(one.finalize128() != other.finalize128())
    }

    @Test func purposesHaveIndependentKeys() {
        #expect(SipKey(seed: 7, purpose: 1) != SipKey(seed: 7, purpose: 2))
        #expect(SipKey(seed: 7, purpose: 1) != SipKey(seed: 8, purpose: 1))
    }

    @Test func hashesReadWhatTheyPrint() throws {
        let hash = Hash128(high: 0x00ab_cdef_0123_4567, low: 0x0000_0000_0000_00ff)
        #expect(hash.description == "00abcdef0123456700000000000000ff")
        #expect(Hash128(hash.description) == hash)
        for text in ["", "00", String(repeating: "g", count: 32), "é" + String(repeating: "0", count: 30)] {
            #expect(Hash128(text) == nil)
        }
    }

    @Test func hashesAreOrderedByTheirHighHalfFirst() {
        #expect(Hash128(high: 1, low: 9) < Hash128(high: 2, low: 0))
        #expect(Hash128(high: 1, low: 1) < Hash128(high: 1, low: 2))
    }
}
