import Foundation
import Testing

@testable import Scoring

/// Verdicts on explanations after as few pairs as will do.
@Suite struct SequentialTestTests {
    /// The exact chance of each verdict on a population of pairs asked in random order, by summing over all orders.
    private static func chances(
        pairs: Int, positives: Int, negatives: Int, threshold: Double
    ) -> (yes: Double, no: Double, asked: Double) {
        let test = SequentialTest(threshold: threshold, indifference: 0.08, error: 0.05, pairs: pairs)
        var alive: [[Double]] = [[1]]
        var (yes, no, asked) = (0.0, 0.0, 0.0)
        for pair in 0..<pairs {
            var next = [[Double]](repeating: [Double](repeating: 0, count: pair + 2), count: pair + 2)
            let left = Double(pairs - pair)
            for a in 0...pair {
                for b in 0...pair where alive[a][b] > 0 {
                    let up = (Double(positives - a) / left, Double(negatives - b) / left)
                    next[a + 1][b + 1] += alive[a][b] * up.0 * up.1
                    next[a + 1][b] += alive[a][b] * up.0 * (1 - up.1)
                    next[a][b + 1] += alive[a][b] * (1 - up.0) * up.1
                    next[a][b] += alive[a][b] * (1 - up.0) * (1 - up.1)
                }
            }
            for a in 0...(pair + 1) {
                for b in 0...(pair + 1) {
                    switch test.verdict(pairs: pair + 1, right: a + b) {
                    case .interpretable: yes += next[a][b]
                    case .notInterpretable: no += next[a][b]
                    case .undecided: continue
                    }
                    asked += next[a][b] * Double(pair + 1)
                    next[a][b] = 0
                }
            }
            alive = next
        }
        return (yes, no, asked)
    }

    @Test func errsNoOftenerThanSaidOnAnyPopulationAwayFromTheThreshold() {
        var worst = 0.0
        for (pairs, thresholds) in [(10, [0.6, 0.75, 0.9]), (25, [0.6, 0.75, 0.9]), (50, [0.65, 0.75])] {
            let total = 2 * pairs
            for threshold in thresholds {
                let low = Int((Double(total) * (threshold - 0.08) + 1e-9).rounded(.down))
                let high = Int((Double(total) * (threshold + 0.08) - 1e-9).rounded(.up))
                // From equal rates in both classes to the most unlike ones.
                for right in [low - 4, low, high, high + 2] where right <= total {
                    for positives in stride(from: max(0, right - pairs), through: min(pairs, right), by: 3) {
                        let chance = Self.chances(
                            pairs: pairs, positives: positives, negatives: right - positives, threshold: threshold)
                        #expect(abs(chance.yes + chance.no - 1) < 1e-9)
                        let error = right <= low ? chance.yes : chance.no
                        worst = max(worst, error)
                        #expect(
                            error <= 0.05,
                            "\(pairs) pairs, threshold \(threshold), \(positives) and \(right - positives)")
                    }
                }
            }
        }
        print("sequential test: at most \(String(format: "%.4f", worst)) wrong outside the zone of indifference")
    }

    @Test func theRatioIsThatOfTheLikelihoods() {
        let test = SequentialTest(threshold: 0.7, indifference: 0.1, error: 0.05, pairs: 200)
        for pairs in 1...60 {
            for right in 0...(2 * pairs) {
                var ratio = 1.0
                for answer in 0..<(2 * pairs) { ratio *= answer < right ? 0.8 / 0.6 : 0.2 / 0.4 }
                let expected: SequentialVerdict =
                    ratio >= 19 ? .interpretable : ratio <= 1 / 19.0 ? .notInterpretable : .undecided
                #expect(test.verdict(pairs: pairs, right: right) == expected)
            }
        }
    }

    @Test func endsWhereTheRestCannotChangeAnything() {
        // So small an error that the ratio alone would never decide.
        var test = SequentialTest(threshold: 0.75, indifference: 0.01, error: 1e-9, pairs: 20)
        for _ in 0..<14 { test.observe(right: 2) }
        #expect(test.verdict == .undecided)
        test.observe(right: 2)
        #expect(test.verdict == .interpretable)
        var other = SequentialTest(threshold: 0.75, indifference: 0.01, error: 1e-9, pairs: 20)
        for _ in 0..<5 { other.observe(right: 0) }
        #expect(other.verdict == .undecided)
        other.observe(right: 1)
        #expect(other.verdict == .notInterpretable)
    }

    @Test(arguments: [0.0, 0.5, 0.6, 0.75, 1.0])
    func whateverIsAskedForTheLastPairDecides(threshold: Double) {
        for indifference in [0.0, 0.08, 2] {
            for right in 0...20 {
                var test = SequentialTest(threshold: threshold, indifference: indifference, error: 0.05, pairs: 10)
                for pair in 0..<10 { test.observe(right: min(2, max(0, right - 2 * pair))) }
                #expect(test.verdict != .undecided)
            }
        }
    }
}
