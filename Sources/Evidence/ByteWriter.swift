internal import Elements
internal import Hashing

/// Writes integers as LEB128 varints and as little-endian words.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    mutating func varint(_ value: some UnsignedInteger & FixedWidthInteger) {
        LEB128.append(value, to: &bytes)
    }

    /// Writes a count or an index, which is never negative.
    mutating func count(_ value: Int) { varint(UInt(max(0, value))) }

    /// Writes a signed integer, zigzag-coded so that small magnitudes are short.
    mutating func signed(_ value: Int64) { varint(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func word(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func hash(_ value: Hash128) {
        word(value.low)
        word(value.high)
    }
}
