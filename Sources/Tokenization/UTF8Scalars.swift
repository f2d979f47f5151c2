/// Reads UTF-8 that may be invalid.
enum UTF8Scalars {
    /// The scalar at an offset within the text, `nil` if there is none, and where the next one starts: a byte that is not UTF-8
    /// counts as a scalar by itself.
    @inline(__always)
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (scalar: Unicode.Scalar?, end: Int) {
        let first = bytes[start]
        if first < 0x80 { return (Unicode.Scalar(first), start + 1) }
        return wideScalar(bytes, start, first)
    }

    private static func wideScalar(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ first: UInt8
    ) -> (scalar: Unicode.Scalar?, end: Int) {
        let length: Int
        let least: UInt32
        var value: UInt32
        switch first {
        case 0xc2...0xdf: (length, least, value) = (2, 0x80, UInt32(first & 0x1f))
        case 0xe0...0xef: (length, least, value) = (3, 0x800, UInt32(first & 0x0f))
        case 0xf0...0xf4: (length, least, value) = (4, 0x10000, UInt32(first & 0x07))
        default: return (nil, start + 1)
        }
        guard length <= bytes.count - start else { return (nil, start + 1) }
        for offset in 1..<length {
            let byte = bytes[start + offset]
            guard byte & 0xc0 == 0x80 else { return (nil, start + 1) }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return (nil, start + 1) }
        return (scalar, start + length)
    }

    /// The scalar before an offset, `nil` if there is none.
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> (scalar: Unicode.Scalar, start: Int)? {
        for length in 1...4 where length <= end {
            if let scalar = self.scalar(bytes, at: end - length).scalar, UTF8.width(scalar) == length {
                return (scalar, end - length)
            }
        }
        return nil
    }
}
