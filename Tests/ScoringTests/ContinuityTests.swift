import Elements
import Foundation
import Statistics
import Testing

@testable import Scoring

@Suite struct ContinuityTests {
    private struct Draws {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test func recentWindowsWeighFourTimesAsMuch() throws {
        // 40 old windows all found, 20 recent ones none: 40 of 120 in weight, as 120² / 360 = 40 windows.
        let hits = (0..<60).map { (isFound: $0 < 40, isRecent: $0 >= 40) }
        let rate = try #require(CurrentEstimate.rate(of: hits))
        #expect(abs(rate.value - 1.0 / 3) < 1e-12 && rate.count == 60)
        let limits = Wilson.limits(rate: 1.0 / 3, count: 40)
        #expect(rate.lower == limits.lower && rate.upper == limits.upper)
        let silent = try #require(Wilson.interval(successes: 90, of: 100))
        let accuracy = try #require(CurrentEstimate.balancedAccuracy(hits: hits, negatives: silent))
        #expect(abs(accuracy.value - (1.0 / 3 + 0.9) / 2) < 1e-12 && accuracy.count == 160)
        #expect(CurrentEstimate.balancedAccuracy(hits: [], negatives: silent) == nil)
        #expect(CurrentEstimate.balancedAccuracy(hits: hits, negatives: nil) == nil)
    }

    @Test func withoutRecentWindowsTheCurrentFigureIsThatOfAllTime() throws {
        let hits = (0..<50).map { (isFound: $0 < 31, isRecent: false) }
        let rate = try #require(CurrentEstimate.rate(of: hits))
        let plain = try #require(Wilson.interval(successes: 31, of: 50))
        #expect(rate == plain)
        // Where all are recent they weigh the same as one another.
        #expect(CurrentEstimate.rate(of: hits.map { ($0.isFound, true) }) == plain)
    }

    @Test func theWeightedAreaEqualsThatOfRepeatedWindows() throws {
        var draws = Draws(state: 5)
        for _ in 0..<50 {
            let count = 12 + draws.next(40)
            let scores = (0..<count).map { _ in Double(draws.next(10)) / 10 }
            let isPositive = (0..<count).map { $0 % 2 == 0 }
            let isRecent = (0..<count).map { isPositive[$0] && draws.next(2) == 0 }
            let area = try #require(
                CurrentEstimate.area(
                    scores: scores, isPositive: isPositive, isRecent: isRecent, resamples: 200, seed: 1))
            var wins = 0.0
            var pairs = 0.0
            for i in scores.indices where isPositive[i] {
                for j in scores.indices where !isPositive[j] {
                    let weight = isRecent[i] ? 4.0 : 1
                    wins += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                    pairs += weight
                }
            }
            #expect(abs(area.value - wins / pairs) < 1e-12)
            #expect(area.lower <= area.value && area.value <= area.upper)
        }
    }

    @Test func aScoreHasFallenOnlyBelowItsIntervalAndItsOwnUncertainty() {
        func estimate(_ value: Double, _ lower: Double, _ upper: Double) -> Estimate {
            Estimate(value: value, lower: lower, upper: upper, count: 40)
        }
        let accepted = estimate(0.9, 0.8, 0.95)
        #expect(estimate(0.6, 0.5, 0.7).hasDrifted(below: accepted))
        #expect(!estimate(0.85, 0.8, 0.89).hasDrifted(below: accepted))
        #expect(!estimate(0.7, 0.4, 0.93).hasDrifted(below: accepted))
        #expect(!estimate(0.99, 0.97, 1).hasDrifted(below: accepted))
    }

    /// The share of intervals that hold the true weighted rate, by the effective number of windows.
    @Test func theIntervalCoversTheCurrentRate() {
        var draws = Draws(state: 11)
        for (old, recent, rateOld, rateNew) in [(64, 32, 0.9, 0.5), (64, 16, 0.8, 0.8), (50, 50, 0.6, 0.95)] {
            let truth =
                (Double(old) * rateOld + 4 * Double(recent) * rateNew) / Double(old + 4 * recent)
            var covered = 0
            for _ in 0..<2000 {
                let hits = (0..<(old + recent)).map { index in
                    let isRecent = index >= old
                    let isFound = Double(draws.next(1 << 20)) / Double(1 << 20) < (isRecent ? rateNew : rateOld)
                    return (isFound: isFound, isRecent: isRecent)
                }
                if let rate = CurrentEstimate.rate(of: hits), rate.lower <= truth, truth <= rate.upper { covered += 1 }
            }
            #expect((0.93...0.99).contains(Double(covered) / 2000), "\(old) \(recent): \(covered)")
        }
    }
}
