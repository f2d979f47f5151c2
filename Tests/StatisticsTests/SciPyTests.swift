import Elements
import TestSupport
import Testing

@testable import Statistics

/// Statistics against what SciPy and NumPy gave for the same numbers.
@Suite struct SciPyTests {
    private struct Golden: Decodable {
        struct Pair: Decodable {
            let a: [Double]
            let b: [Double]
            let pearson: Double
            let spearman: Double
            let ranks: [Double]
        }
        struct Means: Decodable {
            let tp: [Int]
            let tn: [Int]
            let positives: [Int]
            let negatives: [Int]
            let rates: [Double]
            let macro: [Double]
            let micro: [Double]
            let weighted: [Double]
        }
        let correlations: [Pair]
        let means: [Means]
    }

    private let golden: Golden

    init() throws { golden = try GoldenFiles.decode(Golden.self, from: "statistics/scipy.json") }

    @Test func correlationsAndRanksAreSciPys() throws {
        #expect(golden.correlations.count == 4)
        for pair in golden.correlations {
            #expect(Correlation.ranks(pair.a) == pair.ranks)
            #expect(abs(try #require(Correlation.pearson(pair.a, pair.b)) - pair.pearson) < 1e-12)
            #expect(abs(try #require(Correlation.spearman(pair.a, pair.b)) - pair.spearman) < 1e-12)
        }
    }

    @Test func meansAreNumPysAndTheirIntervalsThoseOfSciPysBootstrap() throws {
        for means in golden.means {
            let values = means.tp.indices.map { index in
                let table = ConfusionTable(
                    truePositives: means.tp[index], falseNegatives: means.positives[index] - means.tp[index],
                    trueNegatives: means.tn[index], falsePositives: means.negatives[index] - means.tn[index])
                return LatentValue(
                    value: BalancedAccuracy.value(of: table) ?? 0, table: table, count: 1,
                    firingRate: means.rates[index])
            }
            let reckoned = try #require(LatentMeans(of: values, resamples: 8000))
            let weighted = try #require(reckoned.firingWeighted)
            for (estimate, expected) in [
                (reckoned.macro, means.macro), (reckoned.micro, means.micro), (weighted, means.weighted),
            ] {
                #expect(abs(estimate.value - expected[0]) < 1e-12)
                // Both are random: a twentieth of the interval's width is several standard errors of its ends.
                let tolerance = (expected[2] - expected[1]) / 20
                #expect(abs(estimate.lower - expected[1]) < tolerance && abs(estimate.upper - expected[2]) < tolerance)
                #expect(estimate.count == values.count)
            }
        }
    }

    @Test func whatIsConstantHasNoCorrelation() throws {
        #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]) == nil)
        #expect(Correlation.spearman([1, 2, 3], [0.5, 0.5, 0.5]) == nil)
        #expect(Correlation.pearson([1], [1]) == nil && Correlation.pearson([], []) == nil)
        #expect(Correlation.pearson([1, .nan, 2], [1, 2, 3]) == nil)
        #expect(abs(try #require(Correlation.spearman([1, 2, 9], [2, 3, 1e300])) - 1) < 1e-12)
    }

    @Test func oneLatentSaysNothingOfTheSpread() throws {
        let means = try #require(LatentMeans(of: [LatentValue(value: 0.75, count: 10)]))
        #expect(means.macro == Estimate(value: 0.75, lower: 0, upper: 1, count: 1))
        #expect(means.micro == means.macro && means.firingWeighted == nil)
        #expect(LatentMeans(of: []) == nil)
    }

    @Test func withoutCountsByClassTheMicroMeanWeighsByObservations() throws {
        let means = try #require(
            LatentMeans(of: [LatentValue(value: 0.5, count: 30), LatentValue(value: 1, count: 10)]))
        #expect(means.macro.value == 0.75 && means.micro.value == 0.625)
    }
}
