import Elements
import Testing

@testable import Statistics

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

    /// What the intervals are of.
    enum Figure: CaseIterable {
        case balancedAccuracy, f1, precision, truePositiveRate, trueNegativeRate

        /// What a judge comes to that errs at known rates, on as many negatives as positives.
        func truth(_ rate: (yes: Double, no: Double)) -> Double {
            switch self {
            case .balancedAccuracy: (rate.yes + rate.no) / 2
            case .f1: 2 * rate.yes / (2 + rate.yes - rate.no)
            case .precision: rate.yes / (1 + rate.yes - rate.no)
            case .truePositiveRate: rate.yes
            case .trueNegativeRate: rate.no
            }
        }

        func estimate(of verdicts: ClusteredVerdicts) -> Estimate? {
            switch self {
            case .balancedAccuracy: verdicts.balancedAccuracy
            case .f1: verdicts.f1
            case .precision: verdicts.precision
            case .truePositiveRate: verdicts.truePositiveRate
            case .trueNegativeRate: verdicts.trueNegativeRate
            }
        }
    }

    /// `[figures]`: the share of latents whose interval holds the truth.
    static func coverage(
        _ rate: (yes: Double, no: Double), correlation: Double, size: Int, sharing: Sharing, latents: Int, seed: UInt64
    ) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        var covered = [Int](repeating: 0, count: Figure.allCases.count)
        for _ in 0..<latents {
            let drawn = verdicts(rate, correlation: correlation, size: size, sharing: sharing, using: &generator)
            let verdicts = ClusteredVerdicts(isPositive: drawn.isPositive, isYes: drawn.isYes, calls: drawn.calls)
            for (index, figure) in Figure.allCases.enumerated() {
                let truth = figure.truth(rate)
                guard let estimate = figure.estimate(of: verdicts) else { continue }
                if estimate.lower <= truth + 1e-9, truth - 1e-9 <= estimate.upper { covered[index] += 1 }
            }
        }
        return covered.map { Double($0) / Double(latents) }
    }

    @Test(arguments: Sharing.allCases, [50, 20]) func intervalsHoldTheTruthAsOftenAsTheySay(
        sharing: Sharing, size: Int
    ) {
        let rates = [0.4, 0.5, 0.6, 0.75, 0.9, 0.99]
        var all = [[Double]](repeating: [], count: Figure.allCases.count)
        for (i, yes) in rates.enumerated() {
            for (j, no) in rates.enumerated() {
                for (k, correlation) in [0, 0.2, 0.4].enumerated() {
                    let coverage = Self.coverage(
                        (yes, no), correlation: correlation, size: size, sharing: sharing,
                        // Twice as many where the bound is near, so that it is not bad luck that passes it.
                        latents: size == 50 ? 2000 : 1000,
                        seed: UInt64(1_000_000 * size + 100 * i + 10 * j + k))
                    for (index, figure) in Figure.allCases.enumerated() {
                        // Of 40 verdicts at the strongest correlation there are but eight calls to judge it by.
                        #expect(
                            coverage[index] >= (size == 50 ? 0.92 : 0.905),
                            "\(figure): rates \(yes), \(no), correlation \(correlation)")
                        all[index].append(coverage[index])
                    }
                }
            }
        }
        for (figure, all) in zip(Figure.allCases, all) {
            #expect(all.count == 108)
            let mean = all.reduce(0, +) / Double(all.count)
            #expect(mean >= 0.94 && mean <= (size == 50 ? 0.96 : 0.966), "mean coverage of \(figure) \(mean)")
        }
    }

    @Test func verdictsGivenAloneHaveTheIntervalOfIndependentOnes() {
        var generator = SeededGenerator(seed: 1)
        let verdicts = Self.verdicts((0.8, 0.7), correlation: 0, using: &generator)
        let alone = ClusteredVerdicts(
            isPositive: verdicts.isPositive, isYes: verdicts.isYes, calls: Array(0..<100))
        #expect(alone.balancedAccuracy == BalancedAccuracy.estimate(of: alone.table))
        #expect(alone.truePositiveRate == alone.table.truePositiveRate)
        #expect(alone.trueNegativeRate == alone.table.trueNegativeRate)
    }

    @Test func verdictsThatErrTogetherHaveAWiderInterval() throws {
        let isPositive = (0..<100).map { $0 % 2 == 0 }
        let calls = (0..<100).map { $0 / 5 }
        // Every fourth call is wrong throughout, or every fourth verdict.
        let together = isPositive.enumerated().map { $0.element != ($0.offset / 5 % 4 == 0) }
        let apart = isPositive.enumerated().map { $0.element != ($0.offset % 4 == 0 || $0.offset % 8 == 1) }
        let wide = ClusteredVerdicts(isPositive: isPositive, isYes: together, calls: calls)
        let narrow = ClusteredVerdicts(isPositive: isPositive, isYes: apart, calls: calls)
        for figure in Figure.allCases {
            let (wide, narrow) = (try #require(figure.estimate(of: wide)), try #require(figure.estimate(of: narrow)))
            #expect(wide.upper - wide.lower > 1.3 * (narrow.upper - narrow.lower), "\(figure)")
        }
        let one = ClusteredVerdicts(isPositive: [true], isYes: [true], calls: [0])
        #expect(one.balancedAccuracy == nil && one.f1 == nil && one.precision == nil && one.trueNegativeRate == nil)
        #expect(one.truePositiveRate == Wilson.interval(successes: 1, of: 1))
    }
}
