package import Elements

/// The area under the ROC curve of independent observations, with a percentile bootstrap stratified by class.
///
/// A resample counts draws per distinct score, at a tenth of the cost of drawing observations and ranking them.
/// Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), sections 8.3 and 13.3.
package struct AreaBootstrap: Sendable {
    /// By class: for each observation the index of its score among the distinct scores, ascending.
    private let positives: [Int]
    private let negatives: [Int]
    private let distinct: Int
    /// The weights of the positives and the negatives; `nil` if all weigh the same.
    private let weights: (positives: [Int], negatives: [Int])?

    /// Sorts the scores once; NaN counts as the lowest.
    ///
    /// `weights` are positive, `nil` if all weigh the same.
    package init(scores: [Double], isPositive: [Bool], weights: [Int]? = nil) {
        let values = scores.map { $0.isNaN ? -Double.infinity : $0 }
        let order = Array(Set(values)).sorted()
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        distinct = order.count
        let pairs = zip(values, isPositive)
        positives = pairs.compactMap { $1 ? places[$0] : nil }
        negatives = pairs.compactMap { $1 ? nil : places[$0] }
        self.weights = weights.map { weights in
            let pairs = zip(weights, isPositive)
            return (pairs.compactMap { $1 ? $0 : nil }, pairs.compactMap { $1 ? nil : $0 })
        }
    }

    /// The area with its 95 % interval; `nil` if a class is empty.
    ///
    /// Where every resample gives the same area, as after complete separation, the draws say nothing about the spread: the
    /// interval then reaches as far as Wilson's does for as many successes in a row as the smaller class is large.
    package func estimate(resamples: Int, seed: UInt64) -> Estimate? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        var wins = [Int](repeating: 0, count: distinct)
        var losses = wins
        func count(_ positive: Int) { wins[positives[positive]] += weights?.positives[positive] ?? 1 }
        func discount(_ negative: Int) { losses[negatives[negative]] += weights?.negatives[negative] ?? 1 }
        for index in positives.indices { count(index) }
        for index in negatives.indices { discount(index) }
        let value = area(wins, losses)
        var generator = SeededGenerator(seed: seed)
        let areas = (0..<max(resamples, 1)).map { _ in
            for place in wins.indices {
                wins[place] = 0
                losses[place] = 0
            }
            for _ in positives { count(generator.next(below: positives.count)) }
            for _ in negatives { discount(generator.next(below: negatives.count)) }
            return area(wins, losses)
        }
        var (lower, upper) = Quantiles(areas).interval(of: value, in: 0...1)
        if lower == upper {
            let count = min(positives.count, negatives.count)
            let reach = 1 - (Wilson.interval(successes: count, of: count)?.lower ?? 0)
            (lower, upper) = (max(0, value - reach), min(1, value + reach))
        }
        return Estimate(value: value, lower: lower, upper: upper, count: positives.count + negatives.count)
    }

    /// Counts by distinct score, ascending.
    private func area(_ positives: [Int], _ negatives: [Int]) -> Double {
        var (below, above) = (0, 0)
        var doubled = 0
        for place in positives.indices {
            doubled += positives[place] * (2 * below + negatives[place])
            below += negatives[place]
            above += positives[place]
        }
        return Double(doubled) / (2 * Double(above) * Double(below))
    }
}
