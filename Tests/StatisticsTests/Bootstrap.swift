import Elements

@testable import Statistics

/// A percentile bootstrap over verdicts, stratified by class and clustered by call: the slow twin of others.
///
/// Verdicts given in one call are not independent. The verdicts of one call on one class are a cluster; clusters are
/// drawn with replacement within their class, so that no resample lacks a class.
/// Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), sections 8.3 and 13.3.
struct Bootstrap: Sendable {
    /// `[class][cluster]`: the indices of the verdicts in each cluster.
    private let strata: [[[Int]]]
    private let count: Int
    private let seed: UInt64
    private let resamples: Int

    /// Groups verdicts by class and by the call they came from; both lists are `[verdicts]`.
    init(isPositive: [Bool], calls: [Int], seed: UInt64, resamples: Int) {
        count = min(isPositive.count, calls.count)
        self.seed = seed
        self.resamples = max(resamples, 1)
        strata = [true, false].map { value in
            var clusters: [Int: [Int]] = [:]
            for index in 0..<min(isPositive.count, calls.count) where isPositive[index] == value {
                clusters[calls[index], default: []].append(index)
            }
            return clusters.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// The 95 % percentile intervals of some statistics of the weighted verdicts, `nil` for one that is never defined.
    ///
    /// A class with fewer than two clusters says nothing about its spread: the interval is then all of `0...1`.
    func intervals(of statistics: [@Sendable ([Int]) -> Double?]) -> [(lower: Double, upper: Double)?] {
        guard strata.allSatisfy({ $0.count >= 2 }) else {
            return statistics.map { _ in (lower: 0, upper: 1) }
        }
        var generator = SeededGenerator(seed: seed)
        var values = [[Double]](repeating: [], count: statistics.count)
        var weights = [Int](repeating: 0, count: count)
        for _ in 0..<resamples {
            for index in weights.indices { weights[index] = 0 }
            for clusters in strata {
                for _ in clusters.indices {
                    for index in clusters[generator.next(below: clusters.count)] { weights[index] += 1 }
                }
            }
            for (position, statistic) in statistics.enumerated() {
                if let value = statistic(weights) { values[position].append(value) }
            }
        }
        return values.map { values in
            let quantiles = Quantiles(values)
            guard let lower = quantiles[0.025], let upper = quantiles[0.975] else { return nil }
            return (lower: lower, upper: upper)
        }
    }
}
