import Foundation
import Testing

@testable import Statistics

/// Intervals that hold at every moment at once.
@Suite struct BettingIntervalTests {
    /// The share of runs in which the interval ever leaves the truth out, for pairs asked in random order.
    private func misses(
        positives: Int, negatives: Int, of pairs: Int, population: Int?, truth: Double, runs: Int, seed: UInt64
    ) -> Double {
        var generator = SeededGenerator(seed: seed)
        var missed = 0
        for _ in 0..<runs {
            var interval = BettingInterval(population: population)
            var p = (0..<pairs).map { $0 < positives }
            var n = (0..<pairs).map { $0 < negatives }
            if population == nil {
                p = p.map { _ in generator.unit() < Double(positives) / Double(pairs) }
                n = n.map { _ in generator.unit() < Double(negatives) / Double(pairs) }
            } else {
                p.shuffle(using: &generator)
                n.shuffle(using: &generator)
            }
            for (a, b) in zip(p, n) {
                interval.observe(right: (a ? 1 : 0) + (b ? 1 : 0), of: 2)
                let (lower, upper) = interval.limits
                if truth < lower - 1e-9 || truth > upper + 1e-9 {
                    missed += 1
                    break
                }
            }
        }
        return Double(missed) / Double(runs)
    }

    @Test func holdsTheTruthWheneverOneStops() {
        let runs = 500
        // Five standard errors of a rate of 0.05 over so many runs above it.
        let tolerance = 0.05 + 5 * (0.05 * 0.95 / Double(runs)).squareRoot()
        var worst = 0.0
        for (index, rates) in [(0.5, 0.5), (0.75, 0.75), (0.95, 0.55), (0.9, 0.9), (0.98, 1), (1, 0.2)].enumerated() {
            let (a, b) = (Int(rates.0 * 40), Int(rates.1 * 40))
            for population in [80, nil] {
                let share = misses(
                    positives: a, negatives: b, of: 40, population: population, truth: Double(a + b) / 80, runs: runs,
                    seed: UInt64(index))
                worst = max(worst, share)
                #expect(share <= tolerance, "rates \(rates), population \(population ?? 0)")
            }
        }
        print("betting interval: left the truth out at some moment in at most \(worst) of runs")
    }

    @Test func closesOnTheRateOnceAllHaveAnswered() {
        var generator = SeededGenerator(seed: 3)
        for right in [0, 7, 31, 40] {
            var answers = (0..<40).map { $0 < right }
            answers.shuffle(using: &generator)
            var interval = BettingInterval(population: 40)
            var width = 2.0
            for answer in answers {
                interval.observe(right: answer ? 1 : 0, of: 1)
                #expect(interval.halfWidth <= width)
                width = interval.halfWidth
            }
            #expect(interval.limits == (Double(right) / 40, Double(right) / 40))
            // What is more than there is changes nothing.
            interval.observe(right: 1, of: 1)
            #expect(interval.limits == (Double(right) / 40, Double(right) / 40))
        }
    }

    @Test func candidatesAreOutOnceAGamblerIsRichEnough() {
        // Each candidate's two gamblers by the book, one by one, without the running ends.
        let answers = (0..<60).map { $0 % 5 != 0 }
        var interval = BettingInterval(population: 60)
        var rich = [Bool](repeating: false, count: 61)
        var capital = [(Double, Double)](repeating: (1, 1), count: 61)
        var (count, right) = (0, 0)
        for answer in answers {
            let mean = (0.5 + Double(right)) / Double(count + 1)
            let squares = answers.prefix(count).reduce(0.25) { $0 + pow(($1 ? 1 : 0) - mean, 2) }
            let variance = squares / Double(count + 1)
            let plugIn = (2 * log(40.0) / (variance * Double(count + 1) * log(Double(count + 2)))).squareRoot()
            for candidate in 0...60 {
                let left = Double(candidate - right) / Double(60 - count)
                guard left >= 0, left <= 1 else {
                    rich[candidate] = true
                    continue
                }
                let x = answer ? 1.0 : 0
                capital[candidate].0 *= 1 + min(plugIn, 0.75 / left) * (x - left)
                capital[candidate].1 *= 1 - min(plugIn, 0.75 / (1 - left)) * (x - left)
                if max(capital[candidate].0, capital[candidate].1) >= 40 { rich[candidate] = true }
            }
            count += 1
            right += answer ? 1 : 0
            interval.observe(right: answer ? 1 : 0, of: 1)
            let stay = (right...(right + 60 - count)).filter { !rich[$0] }
            #expect(interval.limits.lower <= Double(stay.first ?? 60) / 60 + 1e-12)
            #expect(interval.limits.upper >= Double(stay.last ?? 0) / 60 - 1e-12)
            if count % 10 == 0 {
                #expect(abs(interval.limits.lower - Double(stay.first ?? 60) / 60) < 2 / 60.0)
                #expect(abs(interval.limits.upper - Double(stay.last ?? 0) / 60) < 2 / 60.0)
            }
        }
    }
}
