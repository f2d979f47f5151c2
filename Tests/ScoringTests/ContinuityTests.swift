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

    @Test func theStandingExplanationIsNeverWorseOnTheDecidingWindows() {
        var draws = Draws(state: 3)
        for _ in 0..<2000 {
            var standing = [Double](repeating: 0.5, count: 3)
            for _ in 0..<6 {
                let challenger = standing.map { _ in Double(draws.next(9)) / 8 }
                // What both give on fresh windows; some nodes fail on one of them.
                let found = standing.map { $0 + Double(draws.next(3) - 1) / 8 }
                let pairs = (0..<3).map { node in
                    PairedScore(
                        node: "\(node)", standing: draws.next(8) == 0 ? nil : found[node],
                        challenger: draws.next(8) == 0 ? nil : challenger[node])
                }
                let common = pairs.filter { $0.standing != nil && $0.challenger != nil }
                let before = common.reduce(0) { $0 + ($1.standing ?? 0) }
                let after = common.reduce(0) { $0 + ($1.challenger ?? 0) }
                let isReplaced = ContestRule.outcome(of: pairs) == .replaced
                #expect((isReplaced ? after : before) >= max(before, after) - 1e-12)
                #expect(!isReplaced || after > before)
                #expect(ContestRule.outcome(of: pairs.reversed()) == ContestRule.outcome(of: pairs))
                if isReplaced { standing = challenger }
            }
        }
    }

    @Test func tiesAndSilenceKeepWhatStands() {
        func outcome(_ pairs: [(Double?, Double?)]) -> ChoiceOutcome {
            ContestRule.outcome(
                of: pairs.enumerated().map {
                    PairedScore(node: "\($0.offset)", standing: $0.element.0, challenger: $0.element.1)
                })
        }
        #expect(outcome([]) == .kept)
        #expect(outcome([(nil, 0.9), (0.2, nil), (nil, nil)]) == .kept)
        #expect(outcome([(0.7, 0.7)]) == .kept)
        #expect(outcome([(0.7, 0.8), (0.9, 0.8)]) == .kept)
        #expect(outcome([(0.7, 0.9), (0.9, 0.8), (0.1, nil)]) == .replaced)
        #expect(outcome([(0.2, .nan), (0.7, 0.6)]) == .kept)
    }

    @Test func doubledEvidenceOrFreshWindowsCallForAnotherScore() {
        let last = ScoringRound(epoch: 3, windowsFired: 100, recent: Array(0..<16))
        let fresh = Array(UInt32(100)..<116)
        let rule = RoundRule(rescore: 2, recent: true)
        #expect(rule.isDue(since: last, windowsFired: 200, recent: { [] }))
        #expect(!rule.isDue(since: last, windowsFired: 199, recent: { last.recent }))
        #expect(rule.isDue(since: last, windowsFired: 120, recent: { fresh }))
        #expect(rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(12)) + [0, 1, 2, 3] }))
        #expect(!rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(11)) + [0, 1, 2, 3, 4] }))
        #expect(!rule.isDue(since: last, windowsFired: 120, recent: { Array(fresh.prefix(7)) }))
        #expect(!rule.isDue(since: last, windowsFired: 100, recent: { fresh }))
        #expect(!RoundRule(rescore: 2, recent: false).isDue(since: last, windowsFired: 120, recent: { fresh }))
        #expect(!RoundRule(rescore: 0, recent: false).isDue(since: last, windowsFired: .max, recent: { fresh }))
        #expect(!RoundRule(rescore: 0, recent: false).isActive)
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
        #expect(CurrentEstimate.hasFallen(estimate(0.6, 0.5, 0.7), below: accepted))
        #expect(!CurrentEstimate.hasFallen(estimate(0.85, 0.8, 0.89), below: accepted))
        #expect(!CurrentEstimate.hasFallen(estimate(0.7, 0.4, 0.93), below: accepted))
        #expect(!CurrentEstimate.hasFallen(estimate(0.99, 0.97, 1), below: accepted))
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
