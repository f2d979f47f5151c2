import Elements
import Testing

@testable import Scoring

/// Judges that err at known rates: 95 % intervals must hold the truth 95 times in 100.
@Suite struct CoverageTests {
    /// How the errors of one call come to be alike.
    enum Sharing: CaseIterable {
        /// An error comes of the call's own draw with the square root of the correlation as its chance, else of its own.
        case draw
        /// A call errs at a rate of its own for each class, from a beta distribution: Pólya's urn.
        case rate
    }

    /// Verdicts on `size` examples of each class in calls of five.
    static func verdicts(
        _ rate: (yes: Double, no: Double), correlation: Double, size: Int = 50, sharing: Sharing = .draw,
        using generator: inout SeededGenerator
    ) -> (isPositive: [Bool], isYes: [Bool], calls: [Int]) {
        var isPositive = (0..<2 * size).map { $0 < size }
        isPositive.shuffle(using: &generator)
        let share = correlation.squareRoot()
        var shared = 0.0
        // Errors and verdicts of the call so far, by class.
        var urn = (positive: (errors: 0.0, count: 0.0), negative: (errors: 0.0, count: 0.0))
        let isYes = isPositive.enumerated().map { index, truth in
            let error = 1 - (truth ? rate.yes : rate.no)
            if index % 5 == 0 {
                shared = generator.unit()
                urn = ((0, 0), (0, 0))
            }
            let own = generator.unit()
            guard sharing == .rate, correlation > 0 else {
                return truth != ((generator.unit() < share ? shared : own) < error)
            }
            let weight = (1 - correlation) / correlation
            let drawn = truth ? urn.positive : urn.negative
            let errs = own < (error * weight + drawn.errors) / (weight + drawn.count)
            let after = (errors: drawn.errors + (errs ? 1 : 0), count: drawn.count + 1)
            if truth { urn.positive = after } else { urn.negative = after }
            return truth != errs
        }
        return (isPositive, isYes, (0..<2 * size).map { $0 / 5 })
    }

    /// The share of latents whose interval holds the true balanced accuracy.
    static func coverage(
        _ rate: (yes: Double, no: Double), correlation: Double, size: Int, sharing: Sharing, latents: Int, seed: UInt64
    ) -> Double {
        var generator = SeededGenerator(seed: seed)
        let truth = (rate.yes + rate.no) / 2
        let covered = (0..<latents).count { _ in
            let verdicts = verdicts(
                rate, correlation: correlation, size: size, sharing: sharing, using: &generator)
            guard
                let estimate = ClusteredAccuracy.estimate(
                    isPositive: verdicts.isPositive, isYes: verdicts.isYes, calls: verdicts.calls)
            else { return false }
            return estimate.lower <= truth + 1e-9 && truth - 1e-9 <= estimate.upper
        }
        return Double(covered) / Double(latents)
    }

    @Test(arguments: Sharing.allCases, [50, 20]) func intervalsHoldTheTruthAsOftenAsTheySay(
        sharing: Sharing, size: Int
    ) {
        let rates = [0.4, 0.5, 0.6, 0.75, 0.9, 0.99]
        var all: [Double] = []
        for (i, yes) in rates.enumerated() {
            for (j, no) in rates.enumerated() {
                for (k, correlation) in [0, 0.2, 0.4].enumerated() {
                    let coverage = Self.coverage(
                        (yes, no), correlation: correlation, size: size, sharing: sharing, latents: 1000,
                        seed: UInt64(1_000_000 * size + 100 * i + 10 * j + k))
                    // Of 40 verdicts at the strongest correlation there are but eight calls to judge it by.
                    #expect(coverage >= (size == 50 ? 0.92 : 0.905), "rates \(yes), \(no), correlation \(correlation)")
                    all.append(coverage)
                }
            }
        }
        #expect(all.count == 108)
        let mean = all.reduce(0, +) / Double(all.count)
        #expect(mean >= 0.94 && mean <= (size == 50 ? 0.96 : 0.965), "mean coverage \(mean)")
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
