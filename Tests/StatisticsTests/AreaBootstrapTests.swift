import Elements
import Testing

@testable import Statistics

@Suite struct AreaBootstrapTests {
    @Test func theAreaIsThatOfTheRankCurveAndTheIntervalThatOfTheSlowBootstrap() throws {
        var generator = SeededGenerator(seed: 5)
        for (positives, negatives) in [(50, 50), (20, 90), (7, 5)] {
            // Few distinct scores, so that there are ties.
            let isPositive = (0..<positives + negatives).map { $0 < positives }
            let scores = isPositive.map { ((generator.unit() + ($0 ? 0.25 : 0)) * 40).rounded() }
            let fast = try #require(
                AreaBootstrap(scores: scores, isPositive: isPositive).estimate(resamples: 4000, seed: 1))
            let curve = RankCurve(scores: scores, isPositive: isPositive)
            #expect(abs(fast.value - (try #require(curve.area()))) < 1e-12)
            #expect(fast.count == positives + negatives)
            let slow = try #require(
                Bootstrap(isPositive: isPositive, calls: Array(0..<isPositive.count), seed: 2, resamples: 4000)
                    .intervals(of: [{ curve.area(weights: $0) }]).first ?? nil)
            #expect(abs(fast.lower - slow.lower) < 0.05 && abs(fast.upper - slow.upper) < 0.05)
        }
    }

    @Test func completeSeparationIsNotCertainty() throws {
        let isPositive = (0..<100).map { $0 < 50 }
        let estimate = try #require(
            AreaBootstrap(scores: isPositive.map { $0 ? 1 : 0 }, isPositive: isPositive).estimate(
                resamples: 100, seed: 1))
        #expect(estimate.value == 1 && estimate.upper == 1)
        #expect(abs(estimate.lower - 0.9287) < 1e-3)
    }

    @Test func scoresThatAreAllTheSameGiveAHalf() throws {
        let isPositive = (0..<20).map { $0 % 2 == 0 }
        let estimate = try #require(
            AreaBootstrap(scores: [Double](repeating: .nan, count: 20), isPositive: isPositive)
                .estimate(resamples: 100, seed: 1))
        #expect(estimate.value == 0.5 && estimate.lower < 0.5 && estimate.upper > 0.5)
    }

    @Test func withoutAClassThereIsNoArea() {
        #expect(AreaBootstrap(scores: [1, 2], isPositive: [true, true]).estimate(resamples: 10, seed: 1) == nil)
        #expect(AreaBootstrap(scores: [], isPositive: []).estimate(resamples: 10, seed: 1) == nil)
    }
}
