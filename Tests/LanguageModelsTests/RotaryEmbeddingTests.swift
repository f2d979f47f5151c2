import Foundation
import Testing

@testable import LanguageModels

@Suite struct RotaryEmbeddingTests {
    @Test func plainFrequenciesFallByAFixedRatio() {
        let frequencies = RotaryEmbedding(base: 10_000, width: 8, scaling: .none).frequencies()
        #expect(frequencies == [1, 0.1, 0.01, 0.001])
    }

    @Test func linearScalingDividesAll() {
        let frequencies = RotaryEmbedding(base: 10_000, width: 8, scaling: .linear(factor: 4)).frequencies()
        #expect(frequencies == [0.25, 0.025, 0.0025, 0.00025])
    }

    @Test func ownFactorsDivideEach() {
        let frequencies = RotaryEmbedding(base: 10_000, width: 4, scaling: .factors([1, 8])).frequencies()
        #expect(frequencies == [1, 0.00125])
    }

    @Test func llama3KeepsHighFrequenciesAndDividesLowOnes() {
        let scaling = RotaryEmbedding.Scaling.llama3(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8192)
        let scaled = RotaryEmbedding(base: 500_000, width: 128, scaling: scaling).frequencies()
        let plain = RotaryEmbedding(base: 500_000, width: 128, scaling: .none).frequencies()
        #expect(scaled[0] == plain[0])
        #expect(abs(scaled[63] / plain[63] - 0.125) < 1e-6)
        let ratios = zip(scaled, plain).map { $0 / $1 }
        #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 >= $1 - 1e-6 })
        // Between the two: 1/8 + 7/8 · (turns − 1) / 3, with turns = 8192 / wavelength.
        let between = ratios.indices.filter { ratios[$0] < 0.99 && ratios[$0] > 0.13 }
        #expect(!between.isEmpty)
        for index in between {
            let turns = 8192 * Double(plain[index]) / (2 * Double.pi)
            #expect(abs(Double(ratios[index]) - (0.125 + 0.875 * (turns - 1) / 3)) < 1e-5)
        }
    }
}
