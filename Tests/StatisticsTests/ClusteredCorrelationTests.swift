import Elements
import Foundation
import Testing

@testable import Statistics

@Suite struct ClusteredCorrelationTests {
    private func windows(_ count: Int, tokens: Int, noise: Double, seed: UInt64) -> [CorrelatedWindow] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            let truth = (0..<tokens).map { _ in number % 2 == 0 && generator.unit() < 0.2 ? 10 * generator.unit() : 0 }
            // What a window has in common.
            let shift = noise * generator.unit()
            return CorrelatedWindow(
                predicted: truth.map { $0 + shift + noise * generator.unit() }, truth: truth,
                isPositive: number % 2 == 0)
        }
    }

    @Test func theValueIsPearsonsOverAllTokens() throws {
        let windows = windows(40, tokens: 16, noise: 6, seed: 3)
        let pairs = windows.flatMap(\.pairs)
        let expected = try #require(Correlation.pearson(pairs.map(\.predicted), pairs.map(\.truth)))
        let estimate = try #require(ClusteredCorrelation(windows).estimate(resamples: 200, seed: 1))
        #expect(estimate.value == expected && estimate.count == 640)
        #expect(estimate.lower < expected && estimate.upper > expected)
        #expect(ClusteredCorrelation(windows).estimate(resamples: 200, seed: 1) == estimate)
    }

    @Test func theIntervalIsThatOfDrawingWholeWindows() throws {
        let windows = windows(30, tokens: 12, noise: 5, seed: 9)
        let estimate = try #require(ClusteredCorrelation(windows).estimate(resamples: 400, seed: 11))
        var generator = SeededGenerator(seed: 11)
        let values = (0..<400).compactMap { _ -> Double? in
            var drawn: [CorrelatedWindow] = []
            for isPositive in [true, false] {
                let all = windows.filter { $0.isPositive == isPositive }
                for _ in all { drawn.append(all[generator.next(below: all.count)]) }
            }
            let pairs = drawn.flatMap(\.pairs)
            return Correlation.pearson(pairs.map(\.predicted), pairs.map(\.truth))
        }
        let quantiles = Quantiles(values)
        #expect(abs(estimate.lower - (quantiles[0.025] ?? 9)) < 1e-9)
        #expect(abs(estimate.upper - (quantiles[0.975] ?? 9)) < 1e-9)
    }

    @Test func intervalsCoverTheTruthAboutAsOftenAsTheySay() throws {
        let whole = windows(20_000, tokens: 8, noise: 8, seed: 77).flatMap(\.pairs)
        let truth = try #require(Correlation.pearson(whole.map(\.predicted), whole.map(\.truth)))
        let covered = (0..<300).count { seed in
            let estimate = ClusteredCorrelation(windows(100, tokens: 8, noise: 8, seed: UInt64(seed) + 1000))
                .estimate(resamples: 300, seed: UInt64(seed))
            return estimate.map { $0.lower <= truth && truth <= $0.upper } ?? false
        }
        // 95 % of 300, and three standard deviations about it.
        #expect(covered >= 270)
    }

    @Test func whatIsConstantHasNoCorrelationAndOneWindowNoInterval() {
        let flat = [1, 2].map { _ in CorrelatedWindow(predicted: [1, 1], truth: [0, 5], isPositive: true) }
        #expect(ClusteredCorrelation(flat).estimate(resamples: 10, seed: 1) == nil)
        let silent = [1, 2].map { _ in CorrelatedWindow(predicted: [1, 3], truth: [0, 0], isPositive: true) }
        #expect(ClusteredCorrelation(silent).estimate(resamples: 10, seed: 1) == nil)
        #expect(ClusteredCorrelation([]).estimate(resamples: 10, seed: 1) == nil)
        let one = CorrelatedWindow(predicted: [1, nil, 3], truth: [0, 7, 5], isPositive: true)
        let estimate = ClusteredCorrelation([one]).estimate(resamples: 10, seed: 1)
        #expect(abs((estimate?.value ?? 0) - 1) < 1e-12)
        #expect(estimate?.lower == -1 && estimate?.upper == 1 && estimate?.count == 2)
    }

    @Test func aWindowCountsAsOftenAsItWeighs() throws {
        let windows = windows(30, tokens: 12, noise: 5, seed: 21)
        let weighed = windows.enumerated().map { place, window in
            CorrelatedWindow(
                predicted: window.pairs.map(\.predicted), truth: window.pairs.map(\.truth),
                isPositive: window.isPositive, weight: place % 3 == 0 ? 4 : 1)
        }
        let repeated = windows.enumerated().flatMap { Array(repeating: $1, count: $0 % 3 == 0 ? 4 : 1) }.flatMap(
            \.pairs)
        let expected = try #require(Correlation.pearson(repeated.map(\.predicted), repeated.map(\.truth)))
        let estimate = try #require(ClusteredCorrelation(weighed).estimate(resamples: 400, seed: 1))
        #expect(abs(estimate.value - expected) < 1e-9 && estimate.count == 360)
        #expect(estimate.lower < estimate.value && estimate.value < estimate.upper)
        let plain = try #require(ClusteredCorrelation(windows).estimate(resamples: 400, seed: 1))
        // Fewer windows carry most of the weight.
        #expect(estimate.upper - estimate.lower > 0.8 * (plain.upper - plain.lower))
    }
}
