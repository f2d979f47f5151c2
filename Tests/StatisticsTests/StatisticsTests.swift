import Elements
import Testing

@testable import Statistics

@Suite struct StatisticsTests {
    /// From SciPy's `binomtest(...).proportion_ci(method="wilson")`, checked there against a numeric inversion of the score test.
    @Test(arguments: [
        (0, 10, 0.0, 0.277_532_799_862_889_26), (1, 10, 0.017_876_213_095_072_896, 0.404_150_026_795_238_5),
        (5, 10, 0.236_593_090_512_564, 0.763_406_909_487_436_1), (10, 10, 0.722_467_200_137_111, 1.0),
        (41, 50, 0.692_039_463_256_992_2, 0.902_298_073_297_658_2),
        (7, 128, 0.026_740_201_381_346_35, 0.108_584_900_299_747_09),
        (999, 1000, 0.994_357_441_402_042_1, 0.999_823_453_629_373_9), (1, 1, 0.206_549_314_377_237_45, 1.0),
    ])
    func wilsonsIntervalIsSciPys(successes: Int, count: Int, lower: Double, upper: Double) throws {
        let estimate = try #require(Wilson.interval(successes: successes, of: count))
        #expect(abs(estimate.lower - lower) < 1e-12 && abs(estimate.upper - upper) < 1e-12)
        #expect(estimate.value == Double(successes) / Double(count) && estimate.count == count)
    }

    @Test func wilsonsLimitsSolveTheScoreTest() throws {
        for (successes, count) in [(3, 7), (12, 90), (77, 80)] {
            let estimate = try #require(Wilson.interval(successes: successes, of: count))
            for limit in [estimate.lower, estimate.upper] {
                let score = (estimate.value - limit) / (limit * (1 - limit) / Double(count)).squareRoot()
                #expect(abs(abs(score) - Wilson.z) < 1e-9)
            }
        }
    }

    @Test func thereIsNoProportionOfNothing() {
        #expect(Wilson.interval(successes: 0, of: 0) == nil)
        #expect(Wilson.interval(successes: 3, of: 2) == nil)
        #expect(Wilson.interval(successes: -1, of: 2) == nil)
    }

    /// From SciPy's Wilson limits put together in Python.
    @Test(arguments: [
        (40, 50, 45, 50, 0.85, 0.763_538_883_103_274_7, 0.902_110_892_644_093_6),
        (50, 50, 50, 50, 1.0, 0.949_549_628_831_422_6, 1.0), (0, 50, 0, 50, 0.0, 0.0, 0.050_450_371_168_577_396),
        (100, 128, 6000, 8000, 0.765_625, 0.725_717_700_333_079, 0.797_394_509_099_490_8),
        (25, 50, 25, 50, 0.5, 0.405_562_455_073_896_4, 0.594_437_544_926_103_6),
    ])
    func balancedAccuracyHasNewcombesInterval(
        found: Int, positives: Int, passed: Int, negatives: Int, value: Double, lower: Double, upper: Double
    ) throws {
        let table = ConfusionTable(
            truePositives: found, falseNegatives: positives - found, trueNegatives: passed,
            falsePositives: negatives - passed)
        let estimate = try #require(BalancedAccuracy.estimate(of: table))
        #expect(abs(estimate.value - value) < 1e-12)
        #expect(abs(estimate.lower - lower) < 1e-12 && abs(estimate.upper - upper) < 1e-12)
    }

    @Test func twiceTheIntervalIsNewcombesPublishedDifference() throws {
        // 56/70 - 48/80 has the limits 0.0524 and 0.3339 in Newcombe (1998), table II, method 10; p - q = p + (1 - q) - 1.
        let table = ConfusionTable(truePositives: 56, falseNegatives: 14, trueNegatives: 32, falsePositives: 48)
        let estimate = try #require(BalancedAccuracy.estimate(of: table))
        #expect(abs(2 * estimate.lower - 1 - 0.0524) < 5e-5 && abs(2 * estimate.upper - 1 - 0.3339) < 5e-5)
    }

    @Test func areaCountsTiesHalf() throws {
        // From SciPy's mannwhitneyu.
        let scores = [
            0.5, 1.0, 0.1, 0.9, 0.3, 0.4, 0.8, 0.4, 0.5, 0.0, 0.8, 0.5, 0.3, 0.8, 0.3, 0.5, 0.1, 0.4, 0.2, 0.3,
        ]
        let isPositive = [0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1].map { $0 == 1 }
        let curve = RankCurve(scores: scores, isPositive: isPositive)
        #expect(abs(try #require(curve.area()) - 0.380_208_333_333_333_3) < 1e-12)
        #expect(RankCurve(scores: [1, 1, 1], isPositive: [true, false, true]).area() == 0.5)
        #expect(RankCurve(scores: [1, 2], isPositive: [true, true]).area() == nil)
        #expect(RankCurve(scores: [.nan, 2], isPositive: [false, true]).area() == 1)
    }

    @Test func weightsCountAsRepeats() throws {
        let scores = [0.1, 0.4, 0.4, 0.8, 0.35]
        let isPositive = [false, true, false, true, false]
        let weights = [2, 1, 3, 0, 1]
        let repeated = zip(scores.indices, weights).flatMap { Array(repeating: $0, count: $1) }
        let plain = RankCurve(scores: repeated.map { scores[$0] }, isPositive: repeated.map { isPositive[$0] })
        #expect(RankCurve(scores: scores, isPositive: isPositive).area(weights: weights) == plain.area())
    }

    @Test func quantilesAreLinearBetweenOrderStatistics() {
        // From numpy.quantile.
        let quantiles = Quantiles([3, 1, 4, 1, 5, 9, 2, 6, .nan])
        let expected = [1.0, 1.0, 1.75, 3.5, 5.25, 8.475, 9.0]
        for (fraction, value) in zip([0, 0.025, 0.25, 0.5, 0.75, 0.975, 1], expected) {
            #expect(abs((quantiles[fraction] ?? .nan) - value) < 1e-12)
        }
        #expect(Quantiles([]).median == nil)
    }

    @Test func theGeneratorIsSplitMix64() {
        // The reference sequence for seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        let values = (0..<5).map { _ in generator.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func binomialDrawsHaveTheirMeanAndSpread() {
        var generator = SeededGenerator(seed: 3)
        for (count, probability) in [(50, 0.8), (8000, 0.01), (7, 0.5)] {
            let sampler = BinomialSampler(count: count, probability: probability)
            let draws = (0..<20_000).map { _ in Double(sampler.successes(at: generator.unit())) }
            let mean = draws.reduce(0, +) / 20_000
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
            let expected = Double(count) * probability
            let spread = (expected * (1 - probability)).squareRoot()
            #expect(abs(mean - expected) < 4 * spread / 141)
            #expect(abs(variance / (spread * spread) - 1) < 0.05)
            #expect(draws.allSatisfy { $0 >= 0 && $0 <= Double(count) })
        }
        #expect(BinomialSampler(count: 5, probability: 0).successes(at: 0.99) == 0)
        #expect(BinomialSampler(count: 5, probability: 1).successes(at: 0.01) == 5)
        #expect(BinomialSampler(count: 0, probability: 0.5).successes(at: 0.5) == 0)
    }

    @Test func theBootstrapOfSingleVerdictsIsBinomial() throws {
        // 40 of 50 found, 5 of 50 false alarms; the limits of F1 are from two million binomial draws in NumPy.
        let isPositive = (0..<100).map { $0 < 50 }
        let isYes = (0..<100).map { $0 < 40 || (50..<55).contains($0) }
        let bootstrap = Bootstrap(isPositive: isPositive, calls: Array(0..<100), seed: 1, resamples: 20_000)
        let interval = try #require(
            bootstrap.intervals(of: [
                { weights in
                    var table = ConfusionTable()
                    for index in 0..<100 {
                        for _ in 0..<weights[index] {
                            table.count(isPositive: isPositive[index], verdict: isYes[index])
                        }
                    }
                    return table.f1
                }
            ])[0])
        #expect(abs(interval.lower - 0.7586) < 0.008 && abs(interval.upper - 0.9149) < 0.008)
        let table = ConfusionTable(truePositives: 40, falseNegatives: 10, trueNegatives: 45, falsePositives: 5)
        let quick = try #require(HarmonicMeans.estimates(of: table, resamples: 1000, seed: 9)["f1"])
        #expect(abs(quick.lower - 0.7586) < 0.02 && abs(quick.upper - 0.9149) < 0.02)
        #expect(quick.value == table.f1)
    }

    @Test func verdictsOfOneCallCountAsOneObservation() throws {
        // Five verdicts of each call agree, so there are only ten observations of each class.
        let isPositive = (0..<100).map { $0 % 10 < 5 }
        let isRight = (0..<100).map { ($0 / 10) % 3 != 0 }
        func width(_ calls: [Int]) throws -> Double {
            let interval = try #require(
                Bootstrap(isPositive: isPositive, calls: calls, seed: 2, resamples: 2000).intervals(of: [
                    { weights in
                        let right = zip(weights, isRight).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
                        return Double(right) / Double(weights.reduce(0, +))
                    }
                ])[0])
            return interval.upper - interval.lower
        }
        let clustered = try width((0..<100).map { $0 / 10 })
        let single = try width(Array(0..<100))
        // The square root of five, as the variance of a mean of five equal verdicts is five times larger.
        #expect(clustered / single > 1.8 && clustered / single < 2.7)
    }

    @Test func oneClusterSaysNothingAboutItsSpread() {
        let bootstrap = Bootstrap(isPositive: [true, true, false], calls: [0, 0, 1], seed: 1, resamples: 10)
        let interval = bootstrap.intervals(of: [{ _ in 0.5 }])[0]
        #expect(interval?.lower == 0 && interval?.upper == 1)
    }
}
