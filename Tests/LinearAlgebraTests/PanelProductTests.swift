import LinearAlgebra
import Testing

@Suite struct PanelProductTests {
    /// `a · bᵀ` by way of panels.
    private func product(
        _ kernels: VectorKernels, _ a: [Float], _ b: [Float], rows: Int, columns: Int, depth: Int,
        into c: [Float]? = nil
    ) -> [Float] {
        var panels = [Float](repeating: .nan, count: kernels.panelCount(rows: columns, depth: depth))
        kernels.pack(.f32, b, rowBytes: 4 * depth, rows: columns, depth: depth, into: &panels)
        #expect(!panels.contains { $0.isNaN })
        var result = c ?? [Float](repeating: .nan, count: rows * columns)
        kernels.multiply(
            a, stride: depth, panels: panels, packedDepth: depth, into: &result, stride: columns, rows: rows,
            columns: columns, depth: depth, accumulate: c != nil)
        return result
    }

    @Test(
        arguments: VectorKernelsTests.kernels,
        [(1, 1, 1), (3, 5, 7), (6, 16, 32), (13, 33, 65), (29, 70, 700), (200, 17, 129), (2, 3, 1300), (4, 5, 0)])
    func productByDefinition(instructions: VectorInstructions, shape: (Int, Int, Int)) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, columns, depth) = shape
        let (a, b) = (numbers(rows * depth, seed: 1), numbers(columns * depth, seed: 2))
        let expected = Naive.product(a, b, rows: rows, columns: columns, depth: depth)
        #expect(relativeError(product(kernels, a, b, rows: rows, columns: columns, depth: depth), expected) < 2e-6)
        let c = numbers(rows * columns, seed: 3)
        let sum = product(kernels, a, b, rows: rows, columns: columns, depth: depth, into: c)
        #expect(relativeError(sum, zip(c, expected).map { Double($0) + $1 }) < 2e-6)
    }

    @Test(arguments: VectorKernelsTests.kernels) func aRowGivesTheSameBitsInEveryProduct(
        instructions: VectorInstructions
    ) throws {
        let kernels = try #require(VectorKernels(instructions))
        for (columns, depth) in [(50, 96), (33, 1500)] {
            let (a, b) = (numbers(210 * depth, seed: 4), numbers(columns * depth, seed: 5))
            let all = product(kernels, a, b, rows: 210, columns: columns, depth: depth).map(\.bitPattern)
            for (start, rows) in [(0, 1), (5, 2), (11, 3), (0, 5), (100, 7), (150, 13), (17, 193)] {
                let some = product(
                    kernels, Array(a[(start * depth)..<((start + rows) * depth)]), b, rows: rows, columns: columns,
                    depth: depth)
                #expect(some.map(\.bitPattern) == Array(all[(start * columns)..<((start + rows) * columns)]))
            }
            // Nor does a column depend on the others.
            let few = product(kernels, a, Array(b[..<(19 * depth)]), rows: 210, columns: 19, depth: depth)
            #expect((0..<210).allSatisfy { few[$0 * 19 + 18].bitPattern == all[$0 * columns + 18] })
        }
    }

    @Test(
        arguments: VectorKernelsTests.kernels,
        [(1, 1, 1), (3, 64, 64), (9, 80, 64), (13, 33, 65), (24, 8, 40), (29, 70, 700), (200, 17, 129), (4, 5, 0)])
    func aMatrixAsItIsGivesTheBitsOfItsPanels(instructions: VectorInstructions, shape: (Int, Int, Int)) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, columns, depth) = shape
        let (a, turned) = (numbers(rows * depth, seed: 8), numbers(columns * depth, seed: 9))
        // What lies between two rows and behind the last column is not read, nor written.
        let (stride, resultStride) = (columns + 3, columns + 5)
        var b = [Float](repeating: .nan, count: depth * stride)
        for k in 0..<depth { for column in 0..<columns { b[k * stride + column] = turned[column * depth + k] } }
        let expected = product(kernels, a, turned, rows: rows, columns: columns, depth: depth)
        var found = [Float](repeating: 7, count: rows * resultStride)
        let twice = product(kernels, a, turned, rows: rows, columns: columns, depth: depth, into: expected)
        for (accumulate, wanted) in [(false, expected), (true, twice)] {
            kernels.multiply(
                a, stride: depth, by: b, stride: stride, into: &found, stride: resultStride, rows: rows,
                columns: columns, depth: depth, accumulate: accumulate)
            for row in 0..<rows {
                let line = found[(row * resultStride)..<((row + 1) * resultStride)]
                let wanted = wanted[(row * columns)..<((row + 1) * columns)]
                #expect(line.prefix(columns).map(\.bitPattern) == wanted.map(\.bitPattern))
                #expect(line.suffix(5).allSatisfy { $0 == 7 })
            }
        }
    }

    @Test(arguments: VectorKernelsTests.kernels) func untransposedProductEqualsItsDefinition(
        instructions: VectorInstructions
    ) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, columns, depth) = (13, 64, 37)
        let a = numbers(rows * depth, seed: 8)
        let b = numbers(depth * columns, seed: 9)
        var c = [Float](repeating: .nan, count: rows * columns)
        kernels.multiply(
            a, stride: depth, by: b, stride: columns, into: &c, stride: columns, rows: rows, columns: columns,
            depth: depth)
        let expected = Naive.product(a, b, rows: rows, columns: columns, depth: depth, transposed: false)
        #expect(relativeError(c, expected) < 1e-6)
    }

    @Test(arguments: VectorKernelsTests.kernels, MatrixFormat.allCases)
    func everyFormatIsPackedInAnyOrder(instructions: VectorInstructions, format: MatrixFormat) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (rows, depth) = (37, format == .f32 ? 77 : 512)
        let (bytes, values) = QuantizedBlocks.random(format, count: rows * depth / format.valuesPerBlock)
        let order = (0..<Int32(rows)).map { ($0 * 5 + 3) % Int32(rows) }
        let width = kernels.panelWidth
        for order in [nil, order] {
            var panels = [Float](repeating: .nan, count: kernels.panelCount(rows: rows, depth: depth))
            bytes.withUnsafeBytes { matrix in
                guard let address = matrix.baseAddress else { return }
                kernels.pack(
                    format, address, rowBytes: bytes.count / rows, order: order, rows: rows, depth: depth,
                    into: &panels)
            }
            for row in 0..<panels.count / depth {
                let packed = (0..<depth).map { panels[(row / width * depth + $0) * width + row % width] }
                let source = row < rows ? order.map { Int($0[row]) } ?? row : rows
                let expected = row < rows ? Array(values[(source * depth)..<((source + 1) * depth)]) : []
                // Scale and minimum are applied in one rounding where the CPU can.
                #expect(
                    row < rows
                        ? relativeError(packed, expected.map(Double.init)) < 1e-6 : packed.allSatisfy { $0 == 0 })
            }
        }
    }

    @Test(arguments: VectorKernelsTests.kernels) func columnsArePackedAsRows(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        let (depth, columns, stride) = (45, 37, 50)
        let matrix = numbers(depth * stride, seed: 6)
        let turned = (0..<columns).flatMap { column in (0..<depth).map { matrix[$0 * stride + column] } }
        let count = kernels.panelCount(rows: columns, depth: depth)
        var (found, expected) = ([Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count))
        kernels.pack(columns: matrix, stride: stride, columns: columns, depth: depth, into: &found)
        kernels.pack(.f32, turned, rowBytes: 4 * depth, rows: columns, depth: depth, into: &expected)
        #expect(found == expected)
        // A stretch of the depth, as attention to some of the positions takes it.
        let a = numbers(3 * 20, seed: 7)
        var c = [Float](repeating: .nan, count: 3 * columns)
        found.withUnsafeBufferPointer { panels in
            guard let start = panels.baseAddress else { return }
            kernels.multiply(
                a, stride: 20, panels: start + 10 * kernels.panelWidth, packedDepth: depth, into: &c, stride: columns,
                rows: 3, columns: columns, depth: 20)
        }
        let some = (0..<columns).flatMap { column in (10..<30).map { matrix[$0 * stride + column] } }
        #expect(relativeError(c, Naive.product(a, some, rows: 3, columns: columns, depth: 20)) < 2e-6)
    }
}
