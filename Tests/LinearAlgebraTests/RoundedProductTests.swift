import LinearAlgebra
import Testing

@Suite struct RoundedProductTests {
    private static let formats = MatrixFormat.allCases.filter(\.hasIntegerProduct)

    /// Rows of values that eight bits hold exactly: each part has whole multiples of its scale, the largest 127 of them.
    private func exactRows(_ count: Int, depth: Int, seed: UInt64) -> [Float] {
        let noise = numbers(count * depth, seed: seed)
        return noise.indices.map { index in
            let scale = Float(sign: .plus, exponent: -(index / 32 % 5), significand: 1)
            return index % 32 == 7 ? 127 * scale : (noise[index] * 126).rounded() * scale
        }
    }

    private func product(
        _ kernels: VectorKernels, _ format: MatrixFormat, _ bytes: [UInt8], _ x: [Float], count: Int, rows: Int,
        depth: Int, order: [Int32]? = nil, rowBytes: Int
    ) -> [Float] {
        let rounded = RoundedRows()
        rounded.reserve(rows: count, depth: depth)
        // In two goes, as threads that share the work do.
        kernels.round(x, rows: 0..<count / 2, depth: depth, into: rounded)
        kernels.round(x, rows: count / 2..<count, depth: depth, into: rounded)
        var y = [Float](repeating: .nan, count: count * (rows + 1))
        bytes.withUnsafeBytes { matrix in
            guard let address = matrix.baseAddress else { return }
            kernels.multiply(
                format, address, rowBytes: rowBytes, order: order, by: rounded, count: count, into: &y,
                stride: rows + 1, rows: rows, depth: depth)
        }
        #expect((0..<count).allSatisfy { y[$0 * (rows + 1) + rows].isNaN })
        return (0..<count).flatMap { y[($0 * (rows + 1))..<($0 * (rows + 1) + rows)] }
    }

    @Test(arguments: VectorKernelsTests.kernels, formats)
    func whatEightBitsHoldIsMultipliedExactly(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        // Depths of one panel, of several and with a short last one.
        for (rows, depth) in [(5, 256), (16, 768), (37, 1024), (33, 1792)] {
            let (bytes, values) = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock)
            let x = exactRows(7, depth: depth, seed: 3)
            let expected = Naive.product(x, values, rows: 7, columns: rows, depth: depth)
            let rowBytes = bytes.count / rows
            let y = product(kernels, format, bytes, x, count: 7, rows: rows, depth: depth, rowBytes: rowBytes)
            #expect(relativeError(y, expected) < 2e-6)
            let order = (0..<Int32(rows)).map { ($0 * 4 + 3) % Int32(rows) }
            let turned = product(
                kernels, format, bytes, x, count: 7, rows: rows, depth: depth, order: order, rowBytes: rowBytes)
            #expect((0..<7 * rows).allSatisfy { turned[$0] == y[$0 / rows * rows + Int(order[$0 % rows])] })
        }
    }

    @Test(arguments: VectorKernelsTests.kernels, formats)
    func everySetGivesTheBitsOfTheDefinition(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        // Whole tiles of eight and of four rows and what is left of them; whole panels and what is left.
        for (count, rows, depth) in [(13, 21, 1024), (8, 16, 256), (1, 3, 512)] {
            let bytes = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock).bytes
            var x = numbers(count * depth, seed: 21, size: 3)
            // A part of zeros, and one in which many values lie halfway between two of eight bits.
            for index in 0..<32 {
                x[index] = 0
                x[32 + index] = index == 0 ? 127 : Float(index) - 15.5
            }
            let y = product(
                kernels, format, bytes, x, count: count, rows: rows, depth: depth, rowBytes: bytes.count / rows)
            let expected = Naive.roundedProduct(format, bytes, x, count: count, rows: rows, depth: depth)
            #expect(y.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test(arguments: VectorKernelsTests.kernels, formats)
    func theLargestQuantaDoNotOverflow(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        // Of those with a sign the least is the largest.
        let largest: UInt8 = format == .q8_0 ? 0x80 : 0xff
        var bytes = [UInt8](repeating: largest, count: 256 / format.valuesPerBlock * format.bytesPerBlock)
        // Scales and minima are 1 where they are half-precision numbers; a wrong place only makes another number.
        for block in stride(from: 0, to: bytes.count, by: format.bytesPerBlock) {
            for place in format == .q6_k ? [208] : [0, 2]
            where place == 0 || format.bytesPerBlock % 4 == 0 || place == 208 {
                bytes[block + place] = 0
                bytes[block + place + 1] = 0x3c
            }
        }
        for sign: Float in [127, -127] {
            let x = [Float](repeating: sign, count: 256)
            var expected: Float = 0
            kernels.multiply(
                format, bytes, columns: x, stride: 256, count: 1, into: &expected, stride: 1, rows: 1, depth: 256)
            let y = product(kernels, format, bytes, x, count: 1, rows: 1, depth: 256, rowBytes: bytes.count)
            #expect(relativeError(y, [Double(expected)]) < 1e-5)
        }
    }

    @Test(arguments: VectorKernelsTests.kernels, formats)
    func neighboursAndPlacesChangeNoBit(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, depth) = (50, 1024)
        let bytes = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock).bytes
        let rowBytes = bytes.count / rows
        let x = numbers(23 * depth, seed: 9)
        let all = product(kernels, format, bytes, x, count: 23, rows: rows, depth: depth, rowBytes: rowBytes)
        for (start, count) in [(0, 1), (3, 2), (5, 3), (1, 4), (7, 6), (20, 3)] {
            let some = product(
                kernels, format, bytes, Array(x[(start * depth)..<((start + count) * depth)]), count: count, rows: rows,
                depth: depth, rowBytes: rowBytes)
            #expect(some.map(\.bitPattern) == all[(start * rows)..<((start + count) * rows)].map(\.bitPattern))
        }
        // A range of rows, as one of several threads takes it.
        let lower = Array(bytes[(17 * rowBytes)..<(40 * rowBytes)])
        let few = product(kernels, format, lower, x, count: 23, rows: 23, depth: depth, rowBytes: rowBytes)
        #expect((0..<23 * 23).allSatisfy { few[$0].bitPattern == all[$0 / 23 * rows + 17 + $0 % 23].bitPattern })
    }

    @Test(arguments: VectorKernelsTests.kernels) func roundingIsToTheNearest(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        let depth = 512
        let (bytes, values) = QuantizedBlocks.random(.q4_1, count: 20 * depth / 32)
        let x = numbers(4 * depth, seed: 11)
        let rounded = stride(from: 0, to: x.count, by: 32).flatMap { start in
            let part = x[start..<start + 32]
            let scale = (part.map(abs).max() ?? 0) / 127
            return part.map { ($0 / scale).rounded(.toNearestOrEven) * scale }
        }
        let y = product(
            kernels, .q4_1, bytes, x, count: 4, rows: 20, depth: depth, rowBytes: bytes.count / 20)
        #expect(relativeError(y, Naive.product(rounded, values, rows: 4, columns: 20, depth: depth)) < 1e-5)
        #expect(relativeError(y, Naive.product(x, values, rows: 4, columns: 20, depth: depth)) < 1e-2)
    }

    @Test(arguments: VectorKernelsTests.kernels, [MatrixFormat.q4_0, .q8_0])
    func whatIsNoNumberStaysNone(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        let bytes = QuantizedBlocks.random(format, count: 2 * 2).bytes
        for value in [Float.nan, .infinity, -.infinity] {
            var x = numbers(3 * 64, seed: 12)
            x[64 + 40] = value
            let y = product(kernels, format, bytes, x, count: 3, rows: 2, depth: 64, rowBytes: bytes.count / 2)
            #expect(y.map(\.isFinite) == [true, true, false, false, true, true])
        }
        let zeros = product(
            kernels, format, bytes, [Float](repeating: 0, count: 64), count: 1, rows: 2, depth: 64,
            rowBytes: bytes.count / 2)
        #expect(zeros == [0, 0])
    }
}
