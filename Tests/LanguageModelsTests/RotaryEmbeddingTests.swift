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

    /// The formulas of the paper, step by step.
    @Test(arguments: [true, false]) func yarnKeepsFastPairsAndSlowsOthers(isTruncated: Bool) {
        let (base, width, factor, original) = (10_000.0, 64, 16.0, 4096.0)
        var scaling = YarnScaling(factor: factor, originalContext: original)
        scaling.isTruncated = isTruncated
        let found = RotaryEmbedding(base: base, width: width, scaling: .yarn(scaling)).frequencies()
        func bound(_ turns: Double) -> Double {
            Double(width) * log(original / (turns * 2 * Double.pi)) / (2 * log(base))
        }
        let low = isTruncated ? bound(32).rounded(.down) : bound(32)
        let high = isTruncated ? bound(1).rounded(.up) : bound(1)
        #expect(low > 2 && high < 30)
        for index in 0..<width / 2 {
            let plain = pow(base, -2 * Double(index) / Double(width))
            let slowed = min(max((Double(index) - low) / (high - low), 0), 1)
            let expected = plain * (1 - slowed) + plain / factor * slowed
            #expect(abs(Double(found[index]) / expected - 1) < 1e-6)
        }
        #expect(found[0] == 1 && abs(Double(found[31]) / pow(base, -62.0 / 64) - 1 / factor) < 1e-6)
    }

    @Test func theAttentionFactorOfYarnGrowsWithTheLogarithm() {
        #expect(YarnScaling.attentionFactor(0.5) == 1 && YarnScaling.attentionFactor(1) == 1)
        #expect(abs(YarnScaling.attentionFactor(16) - (0.1 * log(16.0) + 1)) < 1e-12)
    }

    @Test func boundsThatMeetGiveFiniteFrequencies() {
        var scaling = YarnScaling(factor: 2, originalContext: 2)
        scaling.fastTurns = 1e30
        scaling.slowTurns = 1e29
        for isTruncated in [true, false] {
            scaling.isTruncated = isTruncated
            let found = RotaryEmbedding(base: 10_000, width: 8, scaling: .yarn(scaling)).frequencies()
            #expect(found.allSatisfy { $0.isFinite && $0 > 0 })
        }
    }
}
