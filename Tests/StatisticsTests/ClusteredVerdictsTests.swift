import Elements
import Foundation
import Testing

@testable import Statistics

@Suite struct ClusteredVerdictsTests {
    @Test(arguments: [0.5, 1, 3]) func slopesAreDerivatives(ratio: Double) {
        let step = 1e-6
        for figure in [
            RateFigure.balancedAccuracy, .f1(negativesPerPositive: ratio), .precision(negativesPerPositive: ratio),
        ] {
            for (a, b) in [(0.4, 0.9), (0.99, 0.5), (0.7, 0.7)] {
                let slopes = figure.slopes(a, b)
                let first = (figure.value(a + step, b) - figure.value(a - step, b)) / (2 * step)
                let second = (figure.value(a, b + step) - figure.value(a, b - step)) / (2 * step)
                #expect(abs(slopes.truePositive - first) < 1e-6 && abs(slopes.trueNegative - second) < 1e-6)
            }
        }
    }

    @Test func figuresAreThoseOfTheTable() throws {
        var generator = SeededGenerator(seed: 9)
        for positives in [7, 30, 60] {
            let isPositive = (0..<70).map { $0 < positives }
            let isYes = isPositive.map { (generator.unit() < 0.7) == $0 }
            let verdicts = ClusteredVerdicts(isPositive: isPositive, isYes: isYes, calls: (0..<70).map { $0 % 14 })
            let table = verdicts.table
            #expect(abs(try #require(verdicts.f1).value - table.f1) < 1e-12)
            let precision = try #require(table.precision)
            #expect(abs(try #require(verdicts.precision).value - precision.value) < 1e-12)
            #expect(verdicts.precision?.count == precision.count && verdicts.f1?.count == 70)
            #expect(verdicts.truePositiveRate?.value == table.truePositiveRate?.value)
            #expect(verdicts.trueNegativeRate?.count == table.negatives)
        }
    }

    /// The sums of residuals by call, without smoothing, against the variance of as many independent verdicts.
    @Test func theDesignEffectIsThatOfSumsByCall() throws {
        var generator = SeededGenerator(seed: 4)
        let drawn = CoverageTests.verdicts((0.6, 0.7), correlation: 0.4, using: &generator)
        let verdicts = ClusteredVerdicts(isPositive: drawn.isPositive, isYes: drawn.isYes, calls: drawn.calls)
        let table = verdicts.table
        for slopes in [(0.5, 0.5), (0.9, 0.3), (1, 0), (0, 1)] {
            var (between, within, counted, correct, sizes, calls) = (0.0, 0.0, 0, 0, 0.0, 0)
            for call in 0..<20 {
                var (sum, size) = (0.0, 0)
                for index in 0..<100 where drawn.calls[index] == call {
                    let truth = drawn.isPositive[index]
                    let slope = truth ? slopes.0 : slopes.1
                    if slope == 0 { continue }
                    let rate = try #require(truth ? table.truePositiveRate : table.trueNegativeRate)
                    let isRight = drawn.isYes[index] == truth
                    let residual = slope * ((isRight ? 1 : 0) - rate.value) / Double(rate.count)
                    sum += residual
                    within += residual * residual
                    size += 1
                    if isRight { correct += 1 }
                }
                between += sum * sum
                counted += size
                sizes += Double(size * size)
                if size > 0 { calls += 1 }
            }
            let lost = Double((slopes.0 != 0 ? 1 : 0) + (slopes.1 != 0 ? 1 : 0))
            let (n, k) = (Double(counted), Double(calls))
            let observed = between * k / (k - 1) / (within * n / (n - lost))
            let known = Double(min(correct, counted - correct))
            let share = known / (known + 2)
            let expected = share * observed + (1 - share) * (1 + (sizes / n - 1) * 0.2)
            let effect = try #require(
                verdicts.designEffect(slopes: (truePositive: slopes.0, trueNegative: slopes.1)))
            #expect(abs(effect.effect - max(0.8, expected)) < 1e-9)
            #expect(abs(effect.degrees - 2 * (k - 1) / (share * share)) < 1e-9)
        }
    }

    @Test func ofSingleVerdictsF1sIntervalIsNearTheBootstraps() throws {
        // 40 of 50 found, 5 of 50 false alarms; the limits are from two million binomial draws in NumPy.
        let isPositive = (0..<100).map { $0 < 50 }
        let isYes = (0..<100).map { $0 < 40 || (50..<55).contains($0) }
        let f1 = try #require(ClusteredVerdicts(isPositive: isPositive, isYes: isYes, calls: Array(0..<100)).f1)
        #expect(abs(f1.lower - 0.7586) < 0.03 && abs(f1.upper - 0.9149) < 0.02)
    }

    @Test func aFigureOfNothingRightOrNothingWrongHasAnInterval() throws {
        let isPositive = (0..<40).map { $0 % 2 == 0 }
        let calls = (0..<40).map { $0 / 5 }
        let right = ClusteredVerdicts(isPositive: isPositive, isYes: isPositive, calls: calls)
        let wrong = ClusteredVerdicts(isPositive: isPositive, isYes: isPositive.map { !$0 }, calls: calls)
        let silent = ClusteredVerdicts(isPositive: isPositive, isYes: isPositive.map { _ in false }, calls: calls)
        for figure in CoverageTests.Figure.allCases {
            let best = try #require(figure.estimate(of: right))
            #expect(best.value == 1 && best.upper == 1 && best.lower > 0.6 && best.lower < 0.95)
            let worst = try #require(figure.estimate(of: wrong))
            #expect(worst.value == 0 && worst.lower == 0 && worst.upper > 0.05 && worst.upper < 0.4)
        }
        #expect(silent.precision == nil && silent.f1?.value == 0 && silent.f1?.lower == 0)
    }
}
