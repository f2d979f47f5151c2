/// Whole numbers in groups of seven bits, the lowest first; the top bit of a byte says that another follows.
///
/// Source: DWARF Debugging Information Format 5 (2017), section 7.6, unsigned.
public enum LEB128 {
    /// Adds a number in its shortest form.
    @inlinable
    public static func append(_ value: some UnsignedInteger & FixedWidthInteger, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number that is given byte by byte, then the next one.
    public struct Reader<Value: UnsignedInteger & FixedWidthInteger> {
        @usableFromInline var value: Value = 0
        @usableFromInline var shift = 0

        /// Starts before the first byte of a number.
        @inlinable
        public init() {}

        /// Takes a byte and gives the number if that was its last; throws if the number does not fit `Value`.
        ///
        /// A number need not be in its shortest form.
        @inlinable
        public mutating func take(_ byte: UInt8) throws(TooLarge) -> Value? {
            let part = Value(truncatingIfNeeded: byte & 0x7f)
            guard shift < Value.bitWidth, (part << shift) >> shift == part else { throw TooLarge() }
            value |= part << shift
            shift += 7
            guard byte < 0x80 else { return nil }
            let whole = value
            (value, shift) = (0, 0)
            return whole
        }
    }

    /// A number has more bits than there is room for.
    public struct TooLarge: Error {
        @inlinable init() {}
    }
}
