import Elements
import TestSupport
import Testing

@testable import SparseCoders

/// The fit of a coder against its definition, one number after the other.
@Suite struct CoderFitTests {
    @Test func theFitFollowsTheDefinition() throws {
        let folder = try CoderFolder(width: 6, latents: 30, k: 3)
        let coder = try folder.coder()
        var numbers = NumberStream(seed: 9)
        let input = numbers.matrix(20, 6)
        let masked = (0..<20).map { $0 % 7 == 0 }
        let codes = try EncodeWorker(coder: coder).encode(input, masked: masked)
        let output = try coder.reconstruct(codes, input: input)
        let rows = (0..<20).filter { !masked[$0] }
        var (residual, variance) = (0.0, 0.0)
        for column in 0..<6 {
            let values = rows.map { Double(input.values[$0 * 6 + column]) }
            let mean = values.reduce(0, +) / Double(values.count)
            variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            for (row, value) in zip(rows, values) {
                let difference = value - Double(output.values[row * 6 + column])
                residual += difference * difference
            }
        }
        var fit = CoderFit()
        try fit.add(codes, input: input, target: input, masked: masked, of: coder)
        #expect(fit.tokens == rows.count)
        #expect(fit.latentsPerToken == Double(codes.latents.count) / Double(rows.count))
        #expect(abs(try #require(fit.varianceExplained) - (1 - residual / variance)) < 1e-9)
    }

    @Test func withoutATargetNoVarianceIsExplained() throws {
        let coder = try CoderFolder(width: 6, latents: 30, k: 3).coder()
        var numbers = NumberStream(seed: 9)
        let input = numbers.matrix(4, 6)
        var fit = CoderFit()
        #expect(fit.varianceExplained == nil && fit.latentsPerToken == 0)
        try fit.add(EncodeWorker(coder: coder).encode(input), input: input, target: nil, of: coder)
        #expect(fit.varianceExplained == nil && fit.tokens == 4)
    }
}
