import Foundation

/// A confidence sequence for a mean of answers that are right or wrong: it holds at every moment at once, so one may stop at any.
///
/// For each candidate mean one gambler bets that it is too low, another that it is too high; a candidate that made either
/// `2 / (1 - level)` times richer is out for good. Bets are the predictable plug-in ones, at most three quarters of
/// what one has. Without replacement the mean of what is left is what is bet against. Answers may come in pairs of one positive and one
/// negative under one bet: by the inequality of the two means the gambler gains no more if the two rates differ.
/// Source: I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting" (2023), sections 4.2 and 5.
package struct BettingInterval: Sendable {
    private static let mostOfCapital = 0.75
    /// Candidates for the mean of answers without end.
    private static let resolution = 200

    private let population: Int?
    private let logBound: Double
    private let candidates: Int
    /// `[candidates]`: the logarithm of what each has, infinite once the candidate is out.
    private var tooLow: [Double]
    private var tooHigh: [Double]
    private var lowest = 0
    private var highest: Int
    private var count = 0
    private var right = 0

    /// Begins with nothing known.
    ///
    /// - Parameters:
    ///   - population: The number of answers there are in all, drawn without replacement; `nil` for answers without end, as where the
    ///     mean over all windows is meant, of which those at hand are a sample.
    ///   - level: How often the sequence holds the mean throughout.
    package init(population: Int?, level: Double = 0.95) {
        self.population = population.map { max($0, 1) }
        candidates = self.population ?? Self.resolution
        logBound = log(2 / (1 - min(max(level, 0), 1 - 1e-9)))
        tooLow = [Double](repeating: 0, count: candidates + 1)
        tooHigh = tooLow
        highest = candidates
    }

    /// Takes answers in that were asked under one bet; `right` of them are so.
    package mutating func observe(right new: Int, of answers: Int) {
        let wrong = answers - new
        guard new >= 0, wrong >= 0, answers > 0, population.map({ count + answers <= $0 }) ?? true else { return }
        let mean = (0.5 + Double(right)) / Double(count + 1)
        // The predictable variance times the number of answers to come to next.
        let spread = 0.25 + Double(right) * (1 - mean) * (1 - mean) + Double(count - right) * mean * mean
        let bet = (2 * logBound / (spread * log(Double(count + 2)))).squareRoot()
        for candidate in lowest...max(lowest, highest) {
            let target = left(candidate)
            if target < 0 || target > 1 {
                tooLow[candidate] = target < 0 ? .infinity : tooLow[candidate]
                tooHigh[candidate] = target > 1 ? .infinity : tooHigh[candidate]
                continue
            }
            let up = min(bet, target > 0 ? Self.mostOfCapital / target : bet)
            tooLow[candidate] += Double(new) * log1p(up * (1 - target)) + Double(wrong) * log1p(-up * target)
            let down = min(bet, target < 1 ? Self.mostOfCapital / (1 - target) : bet)
            tooHigh[candidate] += Double(new) * log1p(-down * (1 - target)) + Double(wrong) * log1p(down * target)
        }
        count += answers
        right += new
        narrow()
    }

    /// The mean of the answers that are left, were a candidate the mean of all.
    private func left(_ candidate: Int) -> Double {
        guard let population else { return Double(candidate) / Double(candidates) }
        return Double(candidate - right) / Double(population - count)
    }

    private mutating func narrow() {
        if let population {
            // What has been seen, and what is left, bound the rest.
            lowest = max(lowest, right)
            highest = min(highest, right + population - count)
        }
        while lowest < highest, tooLow[lowest] >= logBound { lowest += 1 }
        while highest > lowest, tooHigh[highest] >= logBound { highest -= 1 }
    }

    /// The limits for the mean now.
    package var limits: (lower: Double, upper: Double) {
        guard population == nil else {
            return (Double(lowest) / Double(candidates), Double(highest) / Double(candidates))
        }
        // Between two candidates anything may be the mean.
        return (
            Double(max(lowest - 1, 0)) / Double(candidates), Double(min(highest + 1, candidates)) / Double(candidates)
        )
    }

    /// Half the width of the interval.
    package var halfWidth: Double { (limits.upper - limits.lower) / 2 }
}
