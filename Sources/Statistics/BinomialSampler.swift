/// Draws from a binomial distribution by its inverse.
///
/// Resampling windows one by one with replacement within a class is a binomial draw of its successes, so this is the
/// bootstrap of single windows, at a cost that does not grow with the number of resamples times windows.
package struct BinomialSampler: Sendable {
    private let first: Int
    private let cumulative: [Double]

    /// Tabulates the distribution of successes in `count` trials within ten standard deviations of its mean.
    package init(count: Int, probability: Double) {
        let n = max(count, 0)
        let p = min(max(probability, 0), 1)
        guard n > 0, p > 0, p < 1 else {
            first = p < 1 ? 0 : n
            cumulative = [1]
            return
        }
        let mean = Double(n) * p
        let reach = 10 * (mean * (1 - p)).squareRoot() + 10
        let low = Int(max(0, mean - reach))
        let high = Int(min(Double(n), mean + reach))
        let mode = min(max(Int(mean), low), high)
        var masses = [Double](repeating: 0, count: high - low + 1)
        // Relative to the mode, so that nothing underflows where it matters.
        masses[mode - low] = 1
        let odds = p / (1 - p)
        for k in stride(from: mode + 1, through: high, by: 1) {
            masses[k - low] = masses[k - 1 - low] * odds * Double(n - k + 1) / Double(k)
        }
        for k in stride(from: mode - 1, through: low, by: -1) {
            masses[k - low] = masses[k + 1 - low] / odds * Double(k + 1) / Double(n - k)
        }
        let total = masses.reduce(0, +)
        var sum = 0.0
        cumulative = masses.map { mass in
            sum += mass / total
            return sum
        }
        first = low
    }

    /// The number of successes at a point of `[0, 1)` of the cumulative distribution.
    package func successes(at unit: Double) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > unit { high = middle } else { low = middle + 1 }
        }
        return first + low
    }
}
