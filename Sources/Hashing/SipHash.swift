/// The 128-bit key of a SipHash.
public struct SipKey: Sendable, Hashable {
    /// The key's first eight bytes, read little-endian.
    public let k0: UInt64
    /// The key's last eight bytes, read little-endian.
    public let k1: UInt64

    /// Makes a key from its two little-endian halves.
    public init(k0: UInt64, k1: UInt64) {
        self.k0 = k0
        self.k1 = k1
    }

    /// The key derived from a topology's `seed`; `purpose` keeps hashes for different ends independent.
    public init(seed: UInt64, purpose: UInt64 = 0) {
        self.init(k0: seed, k1: 0x676c_6f73_7300_0000 ^ purpose)
    }
}

/// A 128-bit hash value, ordered by its bytes as an unsigned big number (`high` first).
public struct Hash128: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The second eight output bytes of SipHash-128, read little-endian.
    public let high: UInt64
    /// The first eight output bytes of SipHash-128, read little-endian.
    public let low: UInt64

    /// Makes a value from its halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Orders by `high`, then `low`.
    public static func < (left: Hash128, right: Hash128) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// Thirty-two lower-case hexadecimal digits, `high` first.
    public var description: String {
        func digits(_ word: UInt64) -> String {
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(high) + digits(low)
    }

    /// Reads the form that `description` prints; `nil` for anything else.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ Self.value(of: $0) }) else { return nil }
        self = value
    }

    /// Reads values in the form that `description` prints, one space after each but the last; `nil` for anything else.
    public static func list(_ text: String) -> [Hash128]? {
        var text = text
        return text.withUTF8 { bytes in
            guard !bytes.isEmpty else { return [] }
            guard bytes.count % 33 == 32 else { return nil }
            var values: [Hash128] = []
            values.reserveCapacity(bytes.count / 33 + 1)
            for start in stride(from: 0, to: bytes.count, by: 33) {
                guard start == 0 || bytes[start - 1] == UInt8(ascii: " "),
                    let value = value(of: UnsafeBufferPointer(rebasing: bytes[start..<start + 32]))
                else { return nil }
                values.append(value)
            }
            return values
        }
    }

    private static func value(of digits: UnsafeBufferPointer<UInt8>) -> Hash128? {
        guard digits.count == 32 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(value)
        }
        return Hash128(high: high, low: low)
    }
}

/// SipHash-2-4 with 64- or 128-bit output, fed in pieces.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), and the authors' reference vectors.
public struct SipHasher: Sendable {
    @usableFromInline var v0, v1, v2, v3: UInt64
    @usableFromInline var tail: UInt64 = 0
    @usableFromInline var length: UInt64 = 0
    @usableFromInline let isWide: Bool

    /// Starts a hash; `wide` selects the 128-bit variant, whose values differ from the 64-bit one's from the start.
    @inlinable
    public init(key: SipKey, wide: Bool) {
        v0 = key.k0 ^ 0x736f_6d65_7073_6575
        v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
        v2 = key.k0 ^ 0x6c79_6765_6e65_7261
        v3 = key.k1 ^ 0x7465_6462_7974_6573
        isWide = wide
        if wide { v1 ^= 0xee }
    }

    // As calls, these would keep the state in memory, at twice the time.
    @inlinable @inline(__always) mutating func round() {
        v0 &+= v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }

    @inlinable @inline(__always) mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    /// Adds bytes to the hash.
    @inlinable
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            tail |= UInt64(byte) << (8 * (length & 7))
            length &+= 1
            if length & 7 == 0 {
                absorb(tail)
                tail = 0
            }
        }
    }

    /// Adds an integer's bytes, little-endian, to the hash.
    @inlinable
    public mutating func update<Value: FixedWidthInteger>(_ value: Value) {
        let bits = UInt64(truncatingIfNeeded: value)
        let shift = length & 7
        let size = UInt64(Value.bitWidth / 8)
        let masked = size == 8 ? bits : bits & ((1 << (8 * size)) &- 1)
        tail |= masked << (8 * shift)
        length &+= size
        if shift + size >= 8 {
            absorb(tail)
            tail = shift == 0 ? 0 : (shift + size == 8 ? 0 : masked >> (8 * (8 - shift)))
        }
    }

    /// Adds a text as its length in bytes (64-bit little-endian) and its UTF-8 bytes, so that adjacent texts cannot run together.
    @inlinable
    public mutating func update(text: String) {
        update(UInt64(text.utf8.count))
        update(text.utf8)
    }

    @inlinable mutating func close() {
        absorb(tail | (length << 56))
        v2 ^= isWide ? 0xee : 0xff
        for _ in 0..<4 { round() }
    }

    /// The 64-bit value of the bytes added.
    @inlinable
    public consuming func finalize64() -> UInt64 {
        close()
        return v0 ^ v1 ^ v2 ^ v3
    }

    /// The 128-bit value of the bytes added; the hasher must have been made with `wide: true`.
    @inlinable
    public consuming func finalize128() -> Hash128 {
        close()
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<4 { round() }
        return Hash128(high: v0 ^ v1 ^ v2 ^ v3, low: low)
    }
}

extension SipHasher {
    /// The 128-bit hash of token ids, each as four little-endian bytes.
    public static func hash128(tokens: some Sequence<UInt32>, key: SipKey) -> Hash128 {
        var hasher = SipHasher(key: key, wide: true)
        for token in tokens { hasher.update(token) }
        return hasher.finalize128()
    }
}
