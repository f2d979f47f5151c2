/// Blocks of 256 values in sub-blocks of 16 or 32 with small integer scales of their own (ggml's "K" types).
extension Dequantization {
    @inline(__always)
    private static func bytes(_ source: Source, _ offset: Int) -> SIMD16<UInt8> {
        source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    @inline(__always)
    private static func byte(_ source: Source, _ offset: Int) -> UInt8 {
        source.loadUnaligned(fromByteOffset: offset, as: UInt8.self)
    }

    /// Two-bit values with four-bit scales and minima per 16: `d s q − dₘ m`.
    static func twoBitSuperBlocks(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 84 * block
            let scale = half(start, 80)
            let minimum = half(start, 82)
            for part in 0..<16 {
                let scales = byte(start, part)
                let packed = bytes(start, 16 + part / 8 * 32 + part % 2 * 16)
                let values = floats(packed &>> UInt8(part % 8 / 2 * 2) & 3)
                store(
                    values * (scale * Float(scales & 15)) - minimum * Float(scales >> 4), target,
                    256 * block + 16 * part)
            }
        }
    }

    /// Three-bit values, the third bit apart and inverted, with six-bit scales per 16: `d (s − 32) (q − 4)`.
    static func threeBitSuperBlocks(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 110 * block
            let scale = half(start, 108)
            for part in 0..<16 {
                let lowScale = byte(start, 96 + part % 8) >> UInt8(part / 8 * 4) & 15
                let highScale = byte(start, 104 + part % 4) >> UInt8(part / 4 * 2) & 3
                let low = bytes(start, 32 + part / 8 * 32 + part % 2 * 16) &>> UInt8(part % 8 / 2 * 2) & 3
                let high = (bytes(start, part % 2 * 16) &>> UInt8(part / 2) & 1) &<< 2
                let factor = scale * Float(Int(lowScale | highScale << 4) - 32)
                store((floats(low | high) - 4) * factor, target, 256 * block + 16 * part)
            }
        }
    }

    /// The six-bit scale and minimum of a sub-block of 32; those of the last four are split over two places.
    @inline(__always)
    private static func scaleAndMinimum(_ source: Source, _ part: Int) -> (Float, Float) {
        if part < 4 { return (Float(byte(source, part) & 63), Float(byte(source, part + 4) & 63)) }
        let low = byte(source, part + 4)
        return (
            Float(low & 15 | (byte(source, part - 4) >> 6) << 4), Float(low >> 4 | (byte(source, part) >> 6) << 4)
        )
    }

    /// Four-bit values with six-bit scales and minima per 32: `d s q − dₘ m`.
    static func fourBitSuperBlocks(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 144 * block
            let scale = half(start, 0)
            let minimum = half(start, 2)
            for part in 0..<8 {
                let (partScale, partMinimum) = scaleAndMinimum(start + 4, part)
                for side in 0..<2 {
                    let packed = bytes(start, 16 + part / 2 * 32 + side * 16)
                    let values = floats(packed &>> UInt8(part % 2 * 4) & 15)
                    store(
                        values * (scale * partScale) - minimum * partMinimum, target,
                        256 * block + 32 * part + 16 * side)
                }
            }
        }
    }

    /// Five-bit values, the fifth bit apart, with six-bit scales and minima per 32: `d s q − dₘ m`.
    static func fiveBitSuperBlocks(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 176 * block
            let scale = half(start, 0)
            let minimum = half(start, 2)
            for part in 0..<8 {
                let (partScale, partMinimum) = scaleAndMinimum(start + 4, part)
                for side in 0..<2 {
                    let low = bytes(start, 48 + part / 2 * 32 + side * 16) &>> UInt8(part % 2 * 4) & 15
                    let high = (bytes(start, 16 + side * 16) &>> UInt8(part) & 1) &<< 4
                    store(
                        floats(low | high) * (scale * partScale) - minimum * partMinimum, target,
                        256 * block + 32 * part + 16 * side)
                }
            }
        }
    }

    /// Six-bit values, the upper two bits apart, with signed eight-bit scales per 16: `d s (q − 32)`.
    static func sixBitSuperBlocks(_ source: Source, _ blocks: Int, _ target: Target) {
        for block in 0..<blocks {
            let start = source + 210 * block
            let scale = half(start, 208)
            for part in 0..<16 {
                let low = bytes(start, part / 8 * 64 + part % 4 * 16) &>> UInt8(part % 8 / 4 * 4) & 15
                let high = (bytes(start, 128 + part / 8 * 32 + part % 2 * 16) &>> UInt8(part % 8 / 2 * 2) & 3) &<< 4
                let factor = scale * Float(Int8(bitPattern: byte(start, 192 + part)))
                store((floats(low | high) - 32) * factor, target, 256 * block + 16 * part)
            }
        }
    }
}
