/// Expands stored values to floats.
///
/// Block layouts and arithmetic are those of ggml (`ggml-quants.c`, `dequantize_row_*`), in 32-bit floats, without fused operations.
enum Dequantization {
    typealias Source = UnsafeRawPointer
    typealias Target = UnsafeMutablePointer<Float>

    /// Expands whole blocks; neither pointer need be aligned beyond its own element.
    static func expand(_ type: TensorType, from source: Source, blocks: Int, into target: Target) {
        switch type {
        case .f32: UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 4 * blocks)
        case .f16: halves(source, blocks, target)
        case .bf16: brainHalves(source, blocks, target)
        case .f64: convert(Double.self, source, blocks, target) { Float($0) }
        case .i8: convert(Int8.self, source, blocks, target) { Float($0) }
        case .i16: convert(Int16.self, source, blocks, target) { Float($0) }
        case .i32: convert(Int32.self, source, blocks, target) { Float($0) }
        case .i64: convert(Int64.self, source, blocks, target) { Float($0) }
        case .u8, .boolean: convert(UInt8.self, source, blocks, target) { Float($0) }
        case .u16: convert(UInt16.self, source, blocks, target) { Float($0) }
        case .u32: convert(UInt32.self, source, blocks, target) { Float($0) }
        case .u64: convert(UInt64.self, source, blocks, target) { Float($0) }
        case .mxfp4: MicroFloat.expand(source, blocks, target)
        case .q4_0: fourBits(source, blocks, target)
        case .q4_1: fourBitsWithMinimum(source, blocks, target)
        case .q5_0: fiveBits(source, blocks, target)
        case .q5_1: fiveBitsWithMinimum(source, blocks, target)
        case .q8_0: eightBits(source, blocks, target)
        case .q2_k: twoBitSuperBlocks(source, blocks, target)
        case .q3_k: threeBitSuperBlocks(source, blocks, target)
        case .q4_k: fourBitSuperBlocks(source, blocks, target)
        case .q5_k: fiveBitSuperBlocks(source, blocks, target)
        case .q6_k: sixBitSuperBlocks(source, blocks, target)
        }
    }

    @inline(__always)
    private static func convert<Stored: BitwiseCopyable>(
        _ stored: Stored.Type, _ source: Source, _ count: Int, _ target: Target, _ body: (Stored) -> Float
    ) {
        for index in 0..<count {
            target[index] = body(
                source.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
        }
    }

    /// The value of a 16-bit float given by its bits.
    ///
    /// Shifting exponent and mantissa into place leaves the exponent 112 too low; one exact product corrects it, subnormals included.
    @inline(__always)
    static func half(_ bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7fff) << 13
        let scaled = (Float(bitPattern: magnitude) * Float(bitPattern: 0x7780_0000)).bitPattern
        let special = magnitude >= 0x0f80_0000 ? UInt32(0x7f80_0000) : 0
        return Float(bitPattern: scaled | special | UInt32(bits & 0x8000) << 16)
    }

    @inline(__always)
    static func half(_ source: Source, _ offset: Int) -> Float {
        half(source.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    private static func halves(_ source: Source, _ count: Int, _ target: Target) {
        for index in 0..<count { target[index] = half(source, 2 * index) }
    }

    private static func brainHalves(_ source: Source, _ count: Int, _ target: Target) {
        for index in 0..<count {
            let bits = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            target[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }

    @inline(__always)
    static func store(_ values: SIMD16<Float>, _ target: Target, _ offset: Int) {
        UnsafeMutableRawPointer(target + offset).storeBytes(of: values, as: SIMD16<Float>.self)
    }

    @inline(__always)
    static func floats(_ bytes: SIMD16<UInt8>) -> SIMD16<Float> {
        SIMD16<Float>(SIMD16<Int32>(truncatingIfNeeded: bytes))
    }

    /// Blocks of a scale and 32 four-bit values: `d (q − 8)`; low halves of the bytes come first.
    private static func fourBits(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 18 * block
            let scale = half(start, 0)
            let packed = start.loadUnaligned(fromByteOffset: 2, as: SIMD16<UInt8>.self)
            store((floats(packed & 15) - 8) * scale, target, 32 * block)
            store((floats(packed &>> 4) - 8) * scale, target, 32 * block + 16)
        }
    }

    /// Blocks of a scale, a minimum and 32 four-bit values: `d q + m`.
    private static func fourBitsWithMinimum(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 20 * block
            let scale = half(start, 0)
            let minimum = half(start, 2)
            let packed = start.loadUnaligned(fromByteOffset: 4, as: SIMD16<UInt8>.self)
            store(floats(packed & 15) * scale + minimum, target, 32 * block)
            store(floats(packed &>> 4) * scale + minimum, target, 32 * block + 16)
        }
    }

    /// Eight bits as bytes of 16 or 0: each byte keeps its own bit, then carries it to bit 7.
    @inline(__always)
    private static func fifthBits(_ bits: UInt16) -> UInt64 {
        let own = UInt64(bits & 255) &* 0x0101_0101_0101_0101 & 0x8040_2010_0804_0201
        return (own &+ 0x7f7f_7f7f_7f7f_7f7f) &>> 3 & 0x1010_1010_1010_1010
    }

    /// Sixteen bits as bytes of 16 or 0.
    @inline(__always)
    private static func fifthBits(_ source: Source, _ offset: Int) -> SIMD16<UInt8> {
        let bits = source.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
        return unsafeBitCast(SIMD2(fifthBits(bits), fifthBits(bits &>> 8)), to: SIMD16<UInt8>.self)
    }

    /// Blocks of a scale, 32 fifth bits and 32 four-bit values: `d (q − 16)`.
    private static func fiveBits(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 22 * block
            let scale = half(start, 0)
            let low = fifthBits(start, 2)
            let high = fifthBits(start, 4)
            let packed = start.loadUnaligned(fromByteOffset: 6, as: SIMD16<UInt8>.self)
            store((floats(packed & 15 | low) - 16) * scale, target, 32 * block)
            store((floats(packed &>> 4 | high) - 16) * scale, target, 32 * block + 16)
        }
    }

    /// Blocks of a scale, a minimum, 32 fifth bits and 32 four-bit values: `d q + m`.
    private static func fiveBitsWithMinimum(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 24 * block
            let scale = half(start, 0)
            let minimum = half(start, 2)
            let low = fifthBits(start, 4)
            let high = fifthBits(start, 6)
            let packed = start.loadUnaligned(fromByteOffset: 8, as: SIMD16<UInt8>.self)
            store(floats(packed & 15 | low) * scale + minimum, target, 32 * block)
            store(floats(packed &>> 4 | high) * scale + minimum, target, 32 * block + 16)
        }
    }

    /// Blocks of a scale and 32 signed bytes: `d q`.
    private static func eightBits(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 34 * block
            let scale = half(start, 0)
            for part in 0..<2 {
                let bytes = start.loadUnaligned(fromByteOffset: 2 + 16 * part, as: SIMD16<Int8>.self)
                let values = SIMD16<Float>(SIMD16<Int32>(truncatingIfNeeded: bytes))
                store(values * scale, target, 32 * block + 16 * part)
            }
        }
    }
}
