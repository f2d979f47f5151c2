import Elements
import TestSupport
import Testing

@testable import Statistics

/// Quantiles, intervals and areas against what NumPy and SciPy gave for the same numbers.
@Suite struct MoreSciPyTests {
    private struct Golden: Decodable {
        struct Quantile: Decodable {
            let values: [Double]
            let fractions: [Double]
            let expected: [Double]
        }
        struct Proportion: Decodable {
            let successes: Int
            let count: Int
            let lower: Double
            let upper: Double
        }
        struct Area: Decodable {
            let scores: [Double]
            let positive: [Bool]
            let area: Double
        }
        struct Student: Decodable {
            let degrees: Double
            let quantile: Double
        }
        let quantiles: [Quantile]
        let wilson: [Proportion]
        let areas: [Area]
        let student: [Student]
    }

    private let golden: Golden

    init() throws { golden = try GoldenFiles.decode(Golden.self, from: "statistics/more.json") }

    @Test func quantilesAreNumPys() throws {
        #expect(golden.quantiles.count == 6)
        for quantile in golden.quantiles {
            let own = Quantiles(quantile.values)
            for (fraction, expected) in zip(quantile.fractions, quantile.expected) {
                #expect(abs(try #require(own[fraction]) - expected) < 1e-12)
            }
        }
    }

    @Test func wilsonsLimitsAreSciPys() throws {
        #expect(golden.wilson.count > 20)
        for proportion in golden.wilson {
            let own = try #require(Wilson.interval(successes: proportion.successes, of: proportion.count))
            #expect(abs(own.lower - proportion.lower) < 1e-12 && abs(own.upper - proportion.upper) < 1e-12)
        }
    }

    @Test func areasAreSciPysMannWhitneyStatistic() throws {
        #expect(golden.areas.count == 5)
        for area in golden.areas {
            let curve = RankCurve(scores: area.scores, isPositive: area.positive).area()
            #expect(abs(try #require(curve) - area.area) < 1e-12)
            let estimate = AreaBootstrap(scores: area.scores, isPositive: area.positive)
                .estimate(resamples: 10, seed: 1)
            #expect(abs(try #require(estimate).value - area.area) < 1e-12)
        }
    }

    @Test func studentsQuantilesAreSciPys() {
        #expect(golden.student.count == 8)
        for student in golden.student {
            let own = StudentT.upper(degrees: student.degrees)
            #expect(abs(own / student.quantile - 1) < (student.degrees < 5 ? 0.01 : 4e-4))
        }
    }
}
