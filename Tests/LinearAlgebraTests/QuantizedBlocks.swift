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

    /// One value of a block: its quantum, scale and offset, bit by bit.
    private static func value(_ format: MatrixFormat, _ block: [UInt8], _ index: Int) -> Float {
        func word(_ place: Int) -> UInt16 { UInt16(block[place]) | UInt16(block[place + 1]) << 8 }
        func half(_ place: Int) -> Float { Float(Float16(bitPattern: word(place))) }
        func bits(_ place: Int, _ shift: Int, _ count: Int) -> Int { Int(block[place]) >> shift & ((1 << count) - 1) }
        let nibble = { (start: Int) in bits(start + index % 16, index / 16 * 4, 4) }
        let fifth = { (start: Int) in bits(start + index / 8, index % 8, 1) * 16 }
        let part = index / 32
        /// Six-bit numbers packed as `get_scale_min_k4` of `ggml-quants.c` reads them.
        func sixBits(_ place: Int) -> Float {
            Float(
                part < 4
                    ? bits(4 + place * 4 + part, 0, 6)
                    : bits(8 + part, place * 4, 4) + bits(part + place * 4, 6, 2) * 16)
        }
        let wide = { (start: Int) in bits(start + part / 2 * 32 + index % 32, part % 2 * 4, 4) }
        switch format {
        case .f32:
            return Float(bitPattern: UInt32(word(0)) | UInt32(word(2)) << 16)
        case .f16: return half(2 * index)
        case .bf16: return Float(bitPattern: UInt32(word(2 * index)) << 16)
        case .q8_0: return Float(Int8(bitPattern: block[2 + index])) * half(0)
        case .q4_0: return Float(nibble(2) - 8) * half(0)
        case .q4_1: return Float(nibble(4)) * half(0) + half(2)
        case .q5_0: return Float(nibble(6) + fifth(2) - 16) * half(0)
        case .q5_1: return Float(nibble(8) + fifth(4)) * half(0) + half(2)
        case .q4_k: return Float(wide(16)) * half(0) * sixBits(0) - half(2) * sixBits(1)
        case .q5_k:
            let quantum = wide(48) + bits(16 + index % 32, part, 1) * 16
            return Float(quantum) * half(0) * sixBits(0) - half(2) * sixBits(1)
        case .q6_k:
            let (side, place) = (index / 128, index % 128)
            let low = bits(side * 64 + place % 64, place / 64 * 4, 4)
            let high = bits(128 + side * 32 + place % 32, place / 32 * 2, 2) * 16
            return Float(low + high - 32) * half(208) * Float(Int8(bitPattern: block[192 + index / 16]))
        }
    }
}
