import Testing

@testable import Statistics

@Suite struct ThresholdFitTests {
    private typealias Sample = ThresholdFit.Sample

    @Test func aJudgeThatLeansTheSameWayHasOneThreshold() throws {
        let samples = (0..<3).map { _ in Sample(positives: [5, 7], negatives: [1, 3]) }
        let fit = try #require(ThresholdFit(samples))
        #expect(fit.common == 4 && fit.between == 0 && fit.explanations == 3 && fit.answers == 12)
        #expect(fit.threshold(of: samples[0]) == 4)
        // An explanation about which nothing is known, or one class only, has that threshold too.
        #expect(fit.threshold(of: Sample(positives: [], negatives: [9])) == 4)
    }

    @Test func aJudgeThatLeansByTheExplanationHasNearlyOneForEach() throws {
        let samples = [-3.0, 1, 5].map { middle in
            Sample(positives: [middle + 1, middle + 1.2], negatives: [middle - 1, middle - 1.2])
        }
        let fit = try #require(ThresholdFit(samples))
        #expect(abs(fit.common - 1) < 0.01 && fit.between > 10)
        for (sample, middle) in zip(samples, [-3.0, 1, 5]) {
            #expect(abs(fit.threshold(of: sample) - middle) < 0.05)
        }
    }

    @Test func whatHasOneClassIsLeftOut() throws {
        #expect(ThresholdFit([]) == nil)
        #expect(ThresholdFit([Sample(positives: [1], negatives: []), Sample(positives: [], negatives: [1])]) == nil)
        let samples = [Sample(positives: [1], negatives: []), Sample(positives: [4], negatives: [2])]
        let fit = try #require(ThresholdFit(samples))
        #expect(fit.common == 3 && fit.explanations == 1 && fit.answers == 2)
    }

    /// Eight explanations with four answers of each class, as many as a small run has: nearly all that there is to gain is gained.
    @Test(arguments: [0.0, 1.0]) func aFewAnswersGainNearlyWhatTheBestThresholdWould(spread: Double) throws {
        var generator = SeededGenerator(seed: 7)
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next(below: 1 << 30)) / Double(1 << 30) }
        }
        var (raw, fitted, best) = (0.0, 0.0, 0.0)
        for _ in 0..<100 {
            let middles = (0..<8).map { _ in 3 + spread * normal() }
            func draw(_ middle: Double, _ count: Int) -> Sample {
                Sample(
                    positives: (0..<count).map { _ in middle + 0.7 + normal() },
                    negatives: (0..<count).map { _ in middle - 0.7 + normal() })
            }
            let train = middles.map { draw($0, 4) }
            let fit = try #require(ThresholdFit(train))
            for (middle, sample) in zip(middles, train) {
                let test = draw(middle, 25)
                func accuracy(_ threshold: Double) -> Double {
                    Double(test.positives.count { $0 >= threshold } + test.negatives.count { $0 < threshold }) / 50
                }
                raw += accuracy(0) / 800
                fitted += accuracy(fit.threshold(of: sample)) / 800
                best += accuracy(middle) / 800
            }
        }
        #expect(raw < 0.56 && best > 0.74)
        #expect(fitted > best - 0.03, "\(raw) \(fitted) \(best)")
    }
}
