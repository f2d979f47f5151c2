import LinearAlgebra
import Testing

@Suite struct QuantizedProductTests {
    @Test(arguments: VectorKernelsTests.kernels, MatrixFormat.allCases)
    func productWithAVector(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        for (rows, depth) in [(5, 256), (9, 1536), (3, format == .f32 ? 77 : 512), (0, 256)] {
            let (bytes, values) = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock)
            #expect(bytes.count == rows * depth / format.valuesPerBlock * format.bytesPerBlock)
            let x = numbers(depth, seed: 77)
            let y = product(kernels, format, bytes, x, count: 1, rows: rows, depth: depth)
            #expect(relativeError(y, Naive.product(values, x, rows: rows, columns: 1, depth: depth)) < 2e-6)
        }
    }

    @Test(arguments: VectorKernelsTests.kernels, MatrixFormat.allCases)
    func severalVectorsGiveEachTheBitsThatItHasAlone(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        for (rows, depth) in [(11, 256), (6, 2304), (5, format == .f32 ? 1031 : 768)] {
            let bytes = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock).bytes
            let x = numbers(70 * depth, seed: 78)
            let alone = (0..<70).flatMap { vector in
                product(
                    kernels, format, bytes, Array(x[(vector * depth)..<((vector + 1) * depth)]), count: 1, rows: rows,
                    depth: depth)
            }
            for count in [2, 3, 4, 7, 16, 31, 32, 33, 70] {
                let together = product(kernels, format, bytes, x, count: count, rows: rows, depth: depth)
                #expect(together.map(\.bitPattern) == alone[..<(count * rows)].map(\.bitPattern))
            }
            // The first rows alone: their results do not depend on how many there are.
            let fewer = product(kernels, format, bytes, x, count: 3, rows: rows - 2, depth: depth)
            let expected = (0..<3).flatMap { alone[($0 * rows)..<($0 * rows + rows - 2)] }
            #expect(fewer.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test(arguments: VectorKernelsTests.kernels) func stridesLeaveWhatIsBetweenAlone(instructions: VectorInstructions)
        throws
    {
        let kernels = try #require(VectorKernels(instructions))
        let (bytes, values) = QuantizedBlocks.random(.q4_1, count: 3 * 2)
        let x = numbers(5 * 70, seed: 3)
        var y = [Float](repeating: 9, count: 5 * 4)
        bytes.withUnsafeBytes { matrix in
            guard let address = matrix.baseAddress else { return }
            kernels.multiply(
                .q4_1, address, columns: x, stride: 70, count: 5, into: &y, stride: 4, rows: 3, depth: 64)
        }
        for vector in 0..<5 {
            let expected = Naive.product(
                values, Array(x[(vector * 70)..<(vector * 70 + 64)]), rows: 3, columns: 1, depth: 64)
            #expect(relativeError(Array(y[(vector * 4)..<(vector * 4 + 3)]), expected) < 2e-6)
            #expect(y[vector * 4 + 3] == 9)
        }
    }

    private func product(
        _ kernels: VectorKernels, _ format: MatrixFormat, _ bytes: [UInt8], _ x: [Float], count: Int, rows: Int,
        depth: Int
    ) -> [Float] {
        var y = [Float](repeating: .nan, count: count * rows)
        bytes.withUnsafeBytes { matrix in
            guard let address = matrix.baseAddress else { return }
            kernels.multiply(
                format, address, columns: x, stride: depth, count: count, into: &y, stride: rows, rows: rows,
                depth: depth)
        }
        return y
    }

    @Test(arguments: VectorKernelsTests.kernels) func everyHalfPrecisionScaleIsRead(instructions: VectorInstructions)
        throws
    {
        let kernels = try #require(VectorKernels(instructions))
        let x = [1] + [Float](repeating: 0, count: 31)
        for bits in stride(from: UInt16(0), through: 65_535, by: 257) {
            let block = [UInt8(bits & 255), UInt8(bits >> 8), 1] + [UInt8](repeating: 0, count: 31)
            var y: Float = 0
            kernels.multiply(.q8_0, block, columns: x, stride: 32, count: 1, into: &y, stride: 1, rows: 1, depth: 32)
            let expected = Float(Float16(bitPattern: bits))
            // The block's other 31 values are zero times the scale: not a number where the scale is infinite.
            #expect(expected.isFinite ? y == expected : !y.isFinite, "bits \(bits)")
        }
    }
}
