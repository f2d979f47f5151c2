import Elements
import Testing

@testable import Scoring

/// Judges that err at known rates: 95 % intervals must hold the truth 95 times in 100.
@Suite struct CoverageTests {
    /// Verdicts on fifty examples of each class in calls of five: an example's error comes of the call's own draw with the
    /// square root of `correlation` as its chance, else of a draw for itself.
    static func verdicts(
        _ rate: (yes: Double, no: Double), correlation: Double, using generator: inout SeededGenerator
    ) -> (isPositive: [Bool], isYes: [Bool], calls: [Int]) {
        var isPositive = (0..<100).map { $0 < 50 }
        isPositive.shuffle(using: &generator)
        let share = correlation.squareRoot()
        var shared = 0.0
        let isYes = isPositive.enumerated().map { index, truth in
            if index % 5 == 0 { shared = generator.unit() }
            let own = generator.unit()
            let errs = (generator.unit() < share ? shared : own) < 1 - (truth ? rate.yes : rate.no)
            return truth != errs
        }
        return (isPositive, isYes, (0..<100).map { $0 / 5 })
    }

    /// The share of latents whose interval holds the true balanced accuracy.
    static func coverage(_ rate: (yes: Double, no: Double), correlation: Double, latents: Int, seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed)
        let truth = (rate.yes + rate.no) / 2
        let covered = (0..<latents).count { _ in
            let verdicts = verdicts(rate, correlation: correlation, using: &generator)
            guard
                let estimate = ClusteredAccuracy.estimate(
                    isPositive: verdicts.isPositive, isYes: verdicts.isYes, calls: verdicts.calls)
            else { return false }
            return estimate.lower <= truth + 1e-9 && truth - 1e-9 <= estimate.upper
        }
        return Double(covered) / Double(latents)
    }

    @Test func intervalsHoldTheTruthAsOftenAsTheySay() {
        let rates = [0.4, 0.6, 0.8, 0.9, 0.99]
        var all: [Double] = []
        for (i, yes) in rates.enumerated() {
            for (j, no) in rates.enumerated() where j >= i {
                for (k, correlation) in [0, 0.2, 0.4].enumerated() {
                    let coverage = Self.coverage(
                        (yes, no), correlation: correlation, latents: 1000, seed: UInt64(100 * i + 10 * j + k))
                    #expect(coverage >= 0.92, "rates \(yes), \(no), correlation \(correlation)")
                    all.append(coverage)
                }
            }
        }
        #expect(all.count == 45)
        let mean = all.reduce(0, +) / Double(all.count)
        #expect(mean >= 0.94 && mean <= 0.96, "mean coverage \(mean)")
    }

    @Test func verdictsGivenAloneHaveTheIntervalOfIndependentOnes() {
        var generator = SeededGenerator(seed: 1)
        let verdicts = Self.verdicts((0.8, 0.7), correlation: 0, using: &generator)
        var table = ConfusionTable()
        for (truth, yes) in zip(verdicts.isPositive, verdicts.isYes) { table.count(isPositive: truth, verdict: yes) }
        let alone = ClusteredAccuracy.estimate(
            isPositive: verdicts.isPositive, isYes: verdicts.isYes, calls: Array(0..<100))
        #expect(alone == BalancedAccuracy.estimate(of: table))
    }

    @Test func verdictsThatErrTogetherHaveAWiderInterval() throws {
        let isPositive = (0..<100).map { $0 % 2 == 0 }
        let calls = (0..<100).map { $0 / 5 }
        // Every fourth call is wrong throughout, or every fourth verdict.
        let together = isPositive.enumerated().map { $0.element != ($0.offset / 5 % 4 == 0) }
        let apart = isPositive.enumerated().map { $0.element != ($0.offset % 4 == 0 || $0.offset % 8 == 1) }
        let wide = try #require(ClusteredAccuracy.estimate(isPositive: isPositive, isYes: together, calls: calls))
        let narrow = try #require(ClusteredAccuracy.estimate(isPositive: isPositive, isYes: apart, calls: calls))
        #expect(wide.upper - wide.lower > 1.5 * (narrow.upper - narrow.lower))
        #expect(ClusteredAccuracy.estimate(isPositive: [true], isYes: [true], calls: [0]) == nil)
    }
}
