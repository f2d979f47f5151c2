import Foundation
import LinearAlgebra
import Testing

@Suite struct VectorKernelsTests {
    static let kernels = VectorInstructions.available
    static let counts = [1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 577]

    @Test(arguments: kernels) func dotProductAndScaledAddition(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for count in Self.counts {
            let x = numbers(count, seed: 1)
            var y = numbers(count, seed: 2)
            let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(Double(kernels.dot(x, y, count: count)) - dot) < 1e-6 * Double(count))
            let expected = zip(x, y).map { Double($0) * 0.75 + Double($1) }
            kernels.add(0.75, times: x, to: &y, count: count)
            #expect(relativeError(y, expected) < 1e-6)
        }
    }

    @Test(arguments: kernels) func weightedRowsAreAddedOneAfterTheOther(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for (rows, width) in [(0, 64), (1, 64), (37, 64), (5, 128), (9, 77), (3, 7), (64, 200)] {
            let (weights, matrix) = (numbers(rows, seed: 1), numbers(rows * width, seed: 2))
            var (y, expected) = (numbers(width, seed: 3), numbers(width, seed: 3))
            let sums = (0..<width).map { column in
                (0..<rows).reduce(Double(y[column])) { $0 + Double(weights[$1]) * Double(matrix[$1 * width + column]) }
            }
            for row in 0..<rows {
                kernels.add(weights[row], times: Array(matrix[(row * width)...]), to: &expected, count: width)
            }
            kernels.add(weights, timesRows: matrix, count: rows, width: width, to: &y)
            #expect(y.map(\.bitPattern) == expected.map(\.bitPattern))
            #expect(relativeError(y, sums) < 1e-6)
        }
    }

    @Test(arguments: kernels) func exponentialsOverTheWholeRange(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        let x = stride(from: Float(-87), through: 88, by: 0.013).map { $0 }
        var y = x
        kernels.exponentials(&y, count: y.count)
        for (input, value) in zip(x, y) {
            let expected = exp(Double(input))
            #expect(abs(Double(value) - expected) <= 2e-7 * expected, "exp(\(input))")
        }
        var extremes: [Float] = [-1000, -.infinity, 1000, .infinity, .nan]
        kernels.exponentials(&extremes, count: extremes.count)
        #expect(extremes[0] < 2e-38 && extremes[1] < 2e-38 && extremes[0] >= 0)
        #expect(extremes[2] > 1e38 && extremes[3] > 1e38 && extremes[2].isFinite)
        #expect(extremes[4].isNaN)
    }

    @Test(arguments: kernels) func normalisation(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for width in Self.counts {
            let residual = numbers(3 * width, seed: 3, size: 100)
            let delta = numbers(3 * width, seed: 4)
            let weight = numbers(width, seed: 5)
            var out = [Float](repeating: .nan, count: 3 * width)
            kernels.rootMeanSquareNorm(residual, weight: weight, into: &out, rows: 3, width: width, epsilon: 1e-5)
            let plain = Naive.rootMeanSquareNorm(residual, weight: weight, width: width, epsilon: 1e-5)
            #expect(relativeError(out, plain) < 1e-6)
            var sum = residual
            kernels.addRootMeanSquareNorm(
                delta, to: &sum, weight: weight, into: &out, rows: 3, width: width, epsilon: 1e-5)
            #expect(sum == zip(residual, delta).map { $0 + $1 })
            let normal = Naive.rootMeanSquareNorm(sum, weight: weight, width: width, epsilon: 1e-5)
            #expect(relativeError(out, normal) < 1e-6)
        }
    }

    @Test(arguments: kernels) func gatedUnit(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for width in Self.counts {
            let x = numbers(2 * 2 * width, seed: 6, size: 20)
            var out = [Float](repeating: .nan, count: 2 * width)
            kernels.siluMultiply(x, into: &out, rows: 2, width: width)
            #expect(relativeError(out, Naive.siluMultiply(x, rows: 2, width: width)) < 1e-6)
        }
    }

    @Test(arguments: kernels) func causalSoftmax(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for columns in Self.counts {
            for visible in [1, columns] {
                let scores = numbers(5 * columns, seed: 7, size: 30)
                var out = scores
                kernels.causalSoftmax(
                    &out, stride: columns, rows: 5, columns: columns, visible: visible, scale: 0.125)
                let expected = Naive.causalSoftmax(
                    scores, rows: 5, columns: columns, visible: visible, scale: 0.125)
                #expect(relativeError(out, expected) < 1e-6)
                #expect(zip(out, expected).allSatisfy { $0 == 0 || $1 > 0 })
            }
        }
    }

    @Test(arguments: kernels) func softmaxOfLargeScoresStaysFinite(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        var scores: [Float] = [30_000, -30_000, 29_999, 0, 1, 2, 3, 4, 5]
        kernels.causalSoftmax(&scores, stride: 9, rows: 1, columns: 9, visible: 9, scale: 1)
        #expect(abs(scores[0] - 0.731_058_6) < 1e-6 && abs(scores[2] - 0.268_941_4) < 1e-6)
        #expect(scores.allSatisfy { $0.isFinite })
    }

    @Test(arguments: kernels) func rotation(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for half in [1, 3, 4, 8, 12, 32, 33] {
            for rest in [0, 5] {
                let width = 2 * half + rest
                let x = numbers(3 * width, seed: 8)
                let angles = numbers(half, seed: 9, size: 3).map(Double.init)
                var out = x
                kernels.rotate(
                    &out, heads: 3, headWidth: width, half: half, cosines: angles.map { Float(cos($0)) },
                    sines: angles.map { Float(sin($0)) })
                #expect(relativeError(out, Naive.rotate(x, headWidth: width, half: half, angles: angles)) < 1e-6)
            }
        }
    }

    @Test(arguments: kernels) func logarithmOfSummedExponentials(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for count in Self.counts + [49_152] {
            let x = numbers(count, seed: 10, size: 40)
            let most = x.max().map(Double.init) ?? 0
            let expected = most + log(x.reduce(0.0) { $0 + exp(Double($1) - most) })
            #expect(abs(kernels.logSumExp(x, count: count) - expected) < 1e-6)
            #expect(kernels.maximum(x, count: count) == x.max())
        }
        #expect(kernels.logSumExp([], count: 0) == -.infinity)
    }

    @Test(arguments: kernels) func aRowDoesNotDependOnTheNumberOfRows(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        let width = 37
        let row = numbers(2 * width, seed: 11, size: 5)
        let rows = (0..<9).flatMap { _ in row }
        var alone = [Float](repeating: 0, count: width)
        var among = [Float](repeating: 0, count: 9 * width)
        kernels.siluMultiply(row, into: &alone, rows: 1, width: width)
        kernels.siluMultiply(rows, into: &among, rows: 9, width: width)
        #expect((0..<9).allSatisfy { Array(among[($0 * width)..<(($0 + 1) * width)]) == alone })
    }
}
