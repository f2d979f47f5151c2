import LinearAlgebra
import Testing

@Suite struct QuantizedProductTests {
    /// Bytes of random blocks, and the values they stand for by ggml's definition.
    static func blocks(_ format: MatrixFormat, count: Int) -> (bytes: [UInt8], values: [Float]) {
        var bytes: [UInt8] = []
        var values: [Float] = []
        for block in 0..<count {
            let noise = numbers(34, seed: UInt64(block + 1))
            let scale = Float16(noise[32])
            let minimum = Float16(noise[33])
            func append(_ half: Float16) {
                bytes += [UInt8(half.bitPattern & 255), UInt8(half.bitPattern >> 8)]
            }
            switch format {
            case .q8_0:
                append(scale)
                let quanta = noise[..<32].map { Int8($0 * 127) }
                bytes += quanta.map { UInt8(bitPattern: $0) }
                values += quanta.map { Float($0) * Float(scale) }
            case .q4_0, .q4_1:
                append(scale)
                if format == .q4_1 { append(minimum) }
                let quanta = noise[..<32].map { UInt8(($0 + 1) * 7.99) }
                bytes += (0..<16).map { quanta[$0] | quanta[16 + $0] << 4 }
                values += quanta.map {
                    format == .q4_0
                        ? (Float($0) - 8) * Float(scale) : Float($0) * Float(scale) + Float(minimum)
                }
            case .f32:
                let values32 = Array(noise[..<1])
                bytes += values32.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } }
                values += values32
            }
        }
        return (bytes, values)
    }

    @Test(arguments: VectorKernelsTests.kernels, [MatrixFormat.f32, .q8_0, .q4_0, .q4_1])
    func productWithAVector(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, depth) = (5, 96)
        let (bytes, values) = Self.blocks(format, count: rows * depth / format.valuesPerBlock)
        #expect(bytes.count == rows * depth / format.valuesPerBlock * format.bytesPerBlock)
        let x = numbers(depth, seed: 77)
        var sums = [Float](repeating: .nan, count: depth / 32)
        kernels.blockSums(x, into: &sums, count: depth)
        var y = [Float](repeating: .nan, count: rows)
        bytes.withUnsafeBytes { matrix in
            if let address = matrix.baseAddress {
                kernels.multiply(format, address, by: x, sums: sums, into: &y, rows: rows, depth: depth)
            }
        }
        #expect(relativeError(y, Naive.product(values, x, rows: rows, columns: 1, depth: depth)) < 2e-6)
    }

    @Test(arguments: VectorKernelsTests.kernels) func everyHalfPrecisionScaleIsRead(instructions: VectorInstructions)
        throws
    {
        let kernels = try #require(VectorKernels(instructions))
        let x = [1] + [Float](repeating: 0, count: 31)
        for bits in stride(from: UInt16(0), through: 65_535, by: 257) {
            let block = [UInt8(bits & 255), UInt8(bits >> 8), 1] + [UInt8](repeating: 0, count: 31)
            var y: Float = 0
            kernels.multiply(.q8_0, block, by: x, sums: [1], into: &y, rows: 1, depth: 32)
            let expected = Float(Float16(bitPattern: bits))
            // The block's other 31 values are zero times the scale: not a number where the scale is infinite.
            #expect(expected.isFinite ? y == expected : !y.isFinite, "bits \(bits)")
        }
    }
}
