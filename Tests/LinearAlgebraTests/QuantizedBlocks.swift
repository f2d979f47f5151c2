import LinearAlgebra

/// Blocks of every matrix format with random contents, and the values they stand for by ggml's definition.
enum QuantizedBlocks {
    static func random(_ format: MatrixFormat, count: Int) -> (bytes: [UInt8], values: [Float]) {
        var bytes: [UInt8] = []
        var values: [Float] = []
        for block in 0..<count {
            let noise = numbers(format.bytesPerBlock + 2, seed: UInt64(block + 1))
            var block = noise.dropLast(2).map { UInt8(($0 + 1) * 127.99) }
            let halves = halfPlaces(format)
            for (place, value) in zip(halves, noise.suffix(2)) { write(Float16(value), to: &block, at: place) }
            switch format {
            case .f32: for byte in 0..<4 { block[byte] = UInt8(noise[0].bitPattern >> (8 * byte) & 255) }
            case .f16: for place in 0..<32 { write(Float16(noise[place]), to: &block, at: 2 * place) }
            case .bf16: for place in 0..<32 { block[2 * place + 1] = 60 + UInt8(place % 4) + UInt8(place % 2) * 128 }
            default: break
            }
            bytes += block
            values += (0..<format.valuesPerBlock).map { value(format, block, $0) }
        }
        return (bytes, values)
    }

    private static func write(_ half: Float16, to block: inout [UInt8], at place: Int) {
        block[place] = UInt8(half.bitPattern & 255)
        block[place + 1] = UInt8(half.bitPattern >> 8)
    }

    /// Where a block has its scale, and its minimum.
    private static func halfPlaces(_ format: MatrixFormat) -> [Int] {
        switch format {
        case .f32, .f16, .bf16: []
        case .q8_0, .q4_0, .q5_0: [0]
        case .q4_1, .q5_1, .q4_k, .q5_k: [0, 2]
        case .q6_k: [208]
        }
    }

    /// One value of a block, bit by bit.
    private static func value(_ format: MatrixFormat, _ block: [UInt8], _ index: Int) -> Float {
        let contents = BlockContents(block)
        switch format {
        case .f32: return Float(bitPattern: UInt32(contents.word(0)) | UInt32(contents.word(2)) << 16)
        case .f16: return contents.half(2 * index)
        case .bf16: return Float(bitPattern: UInt32(contents.word(2 * index)) << 16)
        case .q8_0: return Float(Int8(bitPattern: block[2 + index])) * contents.half(0)
        case .q4_0: return Float(contents.quantum(format, index) - 8) * contents.half(0)
        case .q5_0: return Float(contents.quantum(format, index) - 16) * contents.half(0)
        case .q4_1, .q5_1: return Float(contents.quantum(format, index)) * contents.half(0) + contents.half(2)
        case .q4_k, .q5_k:
            let (scale, minimum) = (contents.sixBits(0, part: index / 32), contents.sixBits(1, part: index / 32))
            return Float(contents.quantum(format, index)) * contents.half(0) * scale - contents.half(2) * minimum
        case .q6_k:
            return Float(contents.quantum(format, index) - 32) * contents.half(208) * contents.eightBits(index / 16)
        }
    }
}

/// The bytes of a block, read bit by bit as ggml lays them out.
struct BlockContents {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func word(_ place: Int) -> UInt16 { UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8 }

    func half(_ place: Int) -> Float { Float(Float16(bitPattern: word(place))) }

    private func bits(_ place: Int, _ shift: Int, _ count: Int) -> Int {
        Int(bytes[place]) >> shift & ((1 << count) - 1)
    }

    /// Six-bit numbers packed as `get_scale_min_k4` of `ggml-quants.c` reads them: a part's scale, or its minimum.
    func sixBits(_ place: Int, part: Int) -> Float {
        Float(
            part < 4
                ? bits(4 + place * 4 + part, 0, 6) : bits(8 + part, place * 4, 4) + bits(part + place * 4, 6, 2) * 16)
    }

    /// The signed scale of 16 values in six bits each.
    func eightBits(_ half: Int) -> Float { Float(Int8(bitPattern: bytes[192 + half])) }

    /// The whole number of four to eight bits that stands for a value, none taken away of those without a sign.
    func quantum(_ format: MatrixFormat, _ index: Int) -> Int {
        let nibble = { (start: Int) in bits(start + index % 16, index / 16 * 4, 4) }
        let fifth = { (start: Int) in bits(start + index / 8, index % 8, 1) * 16 }
        let part = index / 32
        let wide = { (start: Int) in bits(start + part / 2 * 32 + index % 32, part % 2 * 4, 4) }
        switch format {
        case .f32, .f16, .bf16: return 0
        case .q8_0: return Int(Int8(bitPattern: bytes[2 + index]))
        case .q4_0: return nibble(2)
        case .q4_1: return nibble(4)
        case .q5_0: return nibble(6) + fifth(2)
        case .q5_1: return nibble(8) + fifth(4)
        case .q4_k: return wide(16)
        case .q5_k: return wide(48) + bits(16 + index % 32, part, 1) * 16
        case .q6_k:
            let (side, place) = (index / 128, index % 128)
            return bits(side * 64 + place % 64, place / 64 * 4, 4)
                + bits(128 + side * 32 + place % 32, place / 32 * 2, 2) * 16
        }
    }

    /// The scale and the minimum of a value: the value is `scale · quantum + minimum`.
    func scaleAndMinimum(_ format: MatrixFormat, _ index: Int) -> (scale: Float, minimum: Float) {
        switch format {
        case .f32, .f16, .bf16: return (0, 0)
        case .q8_0: return (half(0), 0)
        case .q4_0: return (half(0), half(0) * -8)
        case .q5_0: return (half(0), half(0) * -16)
        case .q4_1, .q5_1: return (half(0), half(2))
        case .q4_k, .q5_k:
            return (half(0) * sixBits(0, part: index / 32), -half(2) * sixBits(1, part: index / 32))
        case .q6_k:
            let scale = half(208) * eightBits(index / 16)
            return (scale, scale * -32)
        }
    }
}
