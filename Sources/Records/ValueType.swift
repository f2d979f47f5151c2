/// How a record holds its floats.
public enum ValueType: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// IEEE 754 binary16.
    case f16 = 1
    /// The upper half of binary32.
    case bf16 = 2
    /// IEEE 754 binary32.
    case f32 = 3

    /// The bytes of one value.
    public var width: Int { self == .f32 ? 4 : 2 }

    /// The largest float that is finite in this type.
    var largest: Float {
        switch self {
        case .f16: 65_504
        case .bf16: Float(bitPattern: 0x7f7f_0000)
        case .f32: .greatestFiniteMagnitude
        }
    }

    /// The name, as the format's description spells it.
    public var description: String {
        switch self {
        case .f16: "f16"
        case .bf16: "bf16"
        case .f32: "f32"
        }
    }

    /// Reads `count` values from the start of the bytes, of which there are enough.
    ///
    /// - Returns: The values, and the largest of their bit patterns without the sign: above that of infinity for a NaN.
    func decode(_ bytes: UnsafeRawBufferPointer, count: Int) -> (values: [Float], largest: UInt32) {
        var largest: UInt32 = 0
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            let target = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            largest =
                switch self {
                case .f16: Self.halves(bytes, into: target)
                case .bf16: Self.upperHalves(bytes, into: target)
                case .f32: Self.wholes(bytes, into: target)
                }
            initialized = count
        }
        return (values, largest)
    }

    // The three loops are without branches, so that the compiler makes vectors of them.

    /// A half's exponent and mantissa, moved to a float's place, are the value times 2⁻¹¹², subnormal ones too.
    private static func halves(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>)
        -> UInt32
    {
        var largest: UInt32 = 0
        for index in target.indices {
            let half = UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
            let magnitude = half & 0x7fff
            let value = Float(bitPattern: magnitude << 13) * 0x1p112
            target[index] = Float(bitPattern: value.bitPattern | (half & 0x8000) << 16)
            largest = max(largest, magnitude)
        }
        return largest < 0x7c00 ? largest << 13 : largest << 13 | 0x7f80_0000
    }

    private static func upperHalves(
        _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
    ) -> UInt32 {
        var largest: UInt32 = 0
        for index in target.indices {
            let half = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
            let pattern = UInt32(half) << 16
            target[index] = Float(bitPattern: pattern)
            largest = max(largest, pattern & 0x7fff_ffff)
        }
        return largest
    }

    private static func wholes(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>)
        -> UInt32
    {
        var largest: UInt32 = 0
        for index in target.indices {
            let pattern = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
            target[index] = Float(bitPattern: pattern)
            largest = max(largest, pattern & 0x7fff_ffff)
        }
        return largest
    }

    /// Adds a value, rounded to nearest, ties to even.
    func append(_ value: Float, to bytes: inout [UInt8]) {
        switch self {
        case .f16: append(Float16(value).bitPattern, to: &bytes)
        case .bf16:
            let pattern = value.bitPattern
            // A NaN stays one; its low bits could round it to infinity.
            let rounded = value.isNaN ? pattern >> 16 | 1 : (pattern &+ (0x7fff &+ (pattern >> 16 & 1))) >> 16
            append(UInt16(truncatingIfNeeded: rounded), to: &bytes)
        case .f32: append(value.bitPattern, to: &bytes)
        }
    }

    private func append(_ pattern: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: pattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
