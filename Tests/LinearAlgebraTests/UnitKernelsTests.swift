import Foundation
import LinearAlgebra
import Testing

@Suite struct UnitKernelsTests {
    static let kernels = VectorInstructions.allCases.filter(\.isSupported)
    static let counts = [1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 577]

    @Test(arguments: kernels) func layerNormalisation(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for width in Self.counts {
            // Far from zero: a variance by the difference of two sums would have lost its digits.
            let residual = numbers(3 * width, seed: 3).map { $0 + 50 }
            let delta = numbers(3 * width, seed: 4)
            let weight = numbers(width, seed: 5)
            let bias = numbers(width, seed: 6)
            var out = [Float](repeating: .nan, count: 3 * width)
            kernels.layerNorm(
                residual, weight: weight, bias: bias, into: &out, rows: 3, width: width, epsilon: 1e-5)
            #expect(relativeError(out, Naive.layerNorm(residual, weight: weight, bias: bias, epsilon: 1e-5)) < 2e-5)
            var sum = residual
            kernels.addLayerNorm(
                delta, to: &sum, weight: weight, bias: bias, into: &out, rows: 3, width: width, epsilon: 1e-5)
            #expect(sum == zip(residual, delta).map { $0 + $1 })
            #expect(relativeError(out, Naive.layerNorm(sum, weight: weight, bias: bias, epsilon: 1e-5)) < 2e-5)
            // A sum may be normalised in its own place.
            var inPlace = residual
            inPlace.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                kernels.addLayerNorm(
                    delta, to: start, weight: weight, bias: bias, into: start, rows: 3, width: width, epsilon: 1e-5)
            }
            #expect(inPlace == out)
        }
    }

    @Test(arguments: kernels) func activationFunctions(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        let x = stride(from: Float(-12), through: 12, by: 0.0037).map { $0 }
        var out = x
        for (function, kernel) in [
            (Naive.silu, kernels.silu), (Naive.geluTanh, kernels.geluTanh), (Naive.gelu, kernels.gelu),
        ] as [((Double) -> Double, (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void)] {
            kernel(x, &out, x.count)
            for (input, value) in zip(x, out) {
                let expected = function(Double(input))
                #expect(abs(Double(value) - expected) <= 3e-7 * max(abs(Double(input)), 1e-3), "at \(input)")
            }
        }
        var extremes: [Float] = [-1000, 1000, .nan, 0]
        kernels.gelu(extremes, into: &extremes, count: 4)
        #expect(abs(extremes[0]) < 1e-30 && extremes[1] == 1000 && extremes[2].isNaN && extremes[3] == 0)
        for count in Self.counts {
            let part = Array(x[2900..<2900 + count])
            var short = part
            kernels.gelu(part, into: &short, count: count)
            #expect(relativeError(short, part.map { Naive.gelu(Double($0)) }) < 1e-6)
        }
    }

    @Test(arguments: kernels) func gatedUnits(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for width in Self.counts {
            let x = numbers(2 * 2 * width, seed: 6, size: 4)
            var out = [Float](repeating: .nan, count: 2 * width)
            kernels.geluTanhMultiply(x, into: &out, rows: 2, width: width)
            #expect(relativeError(out, Naive.gated(Naive.geluTanh, x, rows: 2, width: width)) < 2e-6)
            kernels.geluMultiply(x, into: &out, rows: 2, width: width)
            #expect(relativeError(out, Naive.gated(Naive.gelu, x, rows: 2, width: width)) < 2e-6)
        }
    }

    @Test(arguments: kernels) func softCapsKeepValuesWithinTheBound(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for columns in Self.counts {
            // Wider than what is capped: what stands between two rows stays as it is.
            let x = numbers(3 * (columns + 2), seed: 12, size: 400)
            var out = x
            kernels.softCap(&out, stride: columns + 2, rows: 3, columns: columns, scale: 0.25, cap: 30)
            for index in x.indices {
                let isCapped = index % (columns + 2) < columns
                let expected = isCapped ? 30 * tanh(Double(x[index]) * 0.25 / 30) : Double(x[index])
                #expect(abs(Double(out[index]) - expected) < (isCapped ? 1e-5 : 1e-12))
            }
        }
        var extremes: [Float] = [-1e30, 1e30, .nan]
        kernels.softCap(&extremes, stride: 3, rows: 1, columns: 3, scale: 1, cap: 50)
        #expect(extremes[0] == -50 && extremes[1] == 50 && extremes[2].isNaN)
    }

    @Test(arguments: kernels) func softmaxWithinAWindow(instructions: VectorInstructions) throws {
        let kernels = try #require(VectorKernels(instructions))
        for columns in Self.counts {
            for visible in [1, columns] {
                for window in [1, 2, 9, 16, columns, .max] {
                    let scores = numbers(5 * columns, seed: 7, size: 30)
                    var out = scores
                    kernels.causalSoftmax(
                        &out, stride: columns, rows: 5, columns: columns, visible: visible, window: window,
                        scale: 0.125)
                    let expected = Naive.windowedSoftmax(
                        scores, rows: 5, columns: columns, visible: visible, window: window, scale: 0.125)
                    #expect(relativeError(out, expected) < 1e-6)
                    #expect(zip(out, expected).allSatisfy { $0 == 0 || $1 > 0 })
                }
            }
        }
    }
}
