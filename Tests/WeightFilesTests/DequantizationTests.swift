import Testing
import WeightFiles

@Suite struct DequantizationTests {
    private let stored: GGUFFile
    private let expected: SafetensorsFile

    init() throws {
        stored = try GGUFFile(path: golden("quantized.gguf"))
        expected = try SafetensorsFile(path: golden("dequantized.safetensors"))
    }

    @Test func everyTypeGivesExactlyTheFloatsOfTheReference() throws {
        #expect(stored.tensors.count == 14)
        for (name, tensor) in stored.tensors {
            let reference = try #require(expected.tensors[name])
            #expect(tensor.shape == reference.shape)
            let values = try tensor.floats()
            let wanted = try reference.floats()
            #expect(values.map(\.bitPattern) == wanted.map(\.bitPattern), "\(name)")
        }
    }

    @Test(arguments: [TensorType.q4_0, .q4_1, .q5_0, .q5_1, .q8_0])
    func blocksOfThirtyTwoEqualTheNaiveTwin(type: TensorType) throws {
        let tensor = try #require(stored.tensors[type.rawValue])
        let naive = tensor.withBytes { bytes in
            (0..<tensor.count / 32).flatMap { block in
                let start = block * type.bytesPerBlock
                return naiveBlock(type, Array(bytes[start..<start + type.bytesPerBlock]))
            }
        }
        #expect(try tensor.floats() == naive)
    }

    @Test func halfPrecisionCoversZerosSubnormalsAndInfinities() throws {
        let values = try #require(stored.tensors["halves"]).floats()
        #expect(values.contains { $0 == 0 } && values.contains { $0 != 0 && abs($0) < 6.1e-5 })
        #expect(values.contains { abs($0) > 60_000 && $0.isFinite })
        let bits: [UInt16] = [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x7e00]
        let file = try TemporaryFile(safetensors("F16", [10], bits.flatMap { little($0) }))
        let read = try #require(file.open { try SafetensorsFile(path: $0) }.tensors["x"]).floats()
        #expect(read[0].sign == .plus && read[1] == 0 && read[1].sign == .minus)
        #expect(read[2] == 0x1p-24 && read[3] == 0x1.ff8p-15 && read[4] == 0x1p-14 && read[5] == 1 && read[6] == 65504)
        #expect(read[7] == .infinity && read[8] == -.infinity && read[9].isNaN)
    }

    @Test func anyRowsCanBeReadByThemselves() throws {
        for tensor in stored.tensors.values {
            let all = try tensor.floats()
            for first in 0..<tensor.rows {
                let range = first..<min(first + 2, tensor.rows)
                var part = [Float](repeating: -1, count: range.count * tensor.columns + 1)
                try part.withUnsafeMutableBufferPointer { try tensor.read(rows: range, into: $0) }
                #expect(part.last == -1)
                #expect(part.dropLast().elementsEqual(all[first * tensor.columns..<range.upperBound * tensor.columns]))
            }
        }
    }

    @Test func anyValuesCanBeReadByThemselves() throws {
        let bits: [UInt16] = [0x3c00, 0xc100, 0x03ff, 0x7bff, 0xfc00]
        let file = try TemporaryFile(safetensors("F16", [5], bits.flatMap { little($0) }))
        let tensor = try #require(file.open { try SafetensorsFile(path: $0) }.tensors["x"])
        var part = [Float](repeating: 7, count: 4)
        try part.withUnsafeMutableBufferPointer { try tensor.read(values: 1..<4, into: $0) }
        #expect(part == [-2.5, 1023 * 0x1p-24, 65_504, 7])
        for range in [4..<6, -1..<1, 0..<5] {
            #expect(throws: WeightFileError.self) {
                try part.withUnsafeMutableBufferPointer { try tensor.read(values: range, into: $0) }
            }
        }
        let blocks = try #require(stored.tensors["q8_0"])
        #expect(throws: WeightFileError.self) {
            try part.withUnsafeMutableBufferPointer { try blocks.read(values: 0..<1, into: $0) }
        }
    }

    @Test func rowsOutsideTheTensorAndSmallDestinationsAreRefused() throws {
        let tensor = try #require(stored.tensors["q8_0"])
        var values = [Float](repeating: 0, count: 64)
        for range in [14..<16, 16..<16, -1..<1, 0..<2] {
            let error = #expect(throws: WeightFileError.self) {
                try values.withUnsafeMutableBufferPointer { try tensor.read(rows: range, into: $0) }
            }
            #expect(error?.kind == .request)
        }
    }

    /// `d (q − offset) + m`, one value at a time, as ggml-quants.c writes it.
    private func naiveBlock(_ type: TensorType, _ block: [UInt8]) -> [Float] {
        func half(_ at: Int) -> Float {
            let bits = Int(block[at]) | Int(block[at + 1]) << 8
            let exponent = bits >> 10 & 31
            let fraction = Float(bits & 1023) / 1024
            var value = exponent == 0 ? fraction * 0x1p-14 : 1 + fraction
            for _ in 0..<max(0, exponent - 15) { value *= 2 }
            for _ in 0..<max(0, exponent == 0 ? 0 : 15 - exponent) { value /= 2 }
            return bits >> 15 == 1 ? -value : value
        }
        return (0..<32).map { index in
            func nibble(_ start: Int) -> Int {
                index < 16 ? Int(block[start + index] & 15) : Int(block[start + index - 16] >> 4)
            }
            func fifth(_ start: Int) -> Int { Int(block[start + index / 8] >> (index % 8) & 1) << 4 }
            return switch type {
            case .q4_0: Float(nibble(2) - 8) * half(0)
            case .q4_1: Float(nibble(4)) * half(0) + half(2)
            case .q5_0: Float((nibble(6) | fifth(2)) - 16) * half(0)
            case .q5_1: Float(nibble(8) | fifth(4)) * half(0) + half(2)
            default: Float(Int8(bitPattern: block[2 + index])) * half(0)
            }
        }
    }
}
