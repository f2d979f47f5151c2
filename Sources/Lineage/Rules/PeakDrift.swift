package import Elements
import Foundation

/// Whether the peaks of a latent's train windows are distributed otherwise than when it was explained.
///
/// Of the sample of then only the deciles are kept, so that its distribution function is known at no point better than
/// to the tenths around it. The distance is the least that any such sample could have from the one of now: it never
/// says more than the two-sample Kolmogorov–Smirnov distance, and less by at most a tenth.
package struct PeakDrift: Sendable, Hashable {
    /// The lower bound of the Kolmogorov–Smirnov distance.
    package let distance: Double
    /// The critical value at 1 %, `sqrt(-ln(0.01 / 2) / 2) · sqrt((n + m) / (n m))`, for independent samples.
    ///
    /// The samples of a growing stream share windows, so a distance above it is rarer than one in a hundred without
    /// drift. Source: N. Smirnov, "Table for estimating the goodness of fit of empirical distributions" (1948).
    package let criticalValue: Double

    /// Smaller distances are of no interest, however certain they are.
    package static let floor = 0.1

    /// Whether the distribution has moved.
    package var isMoved: Bool { distance > criticalValue && distance > Self.floor }

    /// Compares two samples by what is kept of them and the current peaks; `nil` if one of them is empty.
    package init?(since basis: EvidenceBasis, peaks: [Float]) {
        guard basis.deciles.count == 11, basis.sample > 0, !peaks.isEmpty else { return nil }
        let sorted = peaks.sorted()
        let count = Double(sorted.count)
        var distance = 0.0
        func compare(_ share: Double, with bounds: (lower: Double, upper: Double)) {
            distance = max(distance, bounds.lower - share, share - bounds.upper)
        }
        // Both functions are steps: they differ most at a value of either, or just below it.
        for value in Set(sorted + basis.deciles) {
            let (below, upTo) = Self.counts(sorted, value)
            compare(Double(upTo) / count, with: Self.bounds(basis.deciles) { $0 <= value })
            compare(Double(below) / count, with: Self.bounds(basis.deciles) { $0 < value })
        }
        self.distance = distance
        let (n, m) = (Double(basis.sample), count)
        criticalValue = (-log(0.01 / 2) / 2).squareRoot() * ((n + m) / (n * m)).squareRoot()
    }

    /// What the share of the sample of then that is counted can be, by the number of deciles that are.
    private static func bounds(_ deciles: [Float], _ isCounted: (Float) -> Bool) -> (lower: Double, upper: Double) {
        let counted = deciles.prefix { isCounted($0) }.count
        return (Double(max(counted - 1, 0)) / 10, Double(counted) / 10 > 1 ? 1 : Double(counted) / 10)
    }

    /// How many values of an ascending list are below a value, and how many do not exceed it.
    private static func counts(_ sorted: [Float], _ value: Float) -> (below: Int, upTo: Int) {
        func first(where holds: (Float) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(sorted[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        return (first { $0 >= value }, first { $0 > value })
    }
}
