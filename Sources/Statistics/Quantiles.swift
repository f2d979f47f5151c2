/// Quantiles of a list of numbers.
package struct Quantiles: Sendable, Hashable {
    private let sorted: [Double]

    /// Sorts the numbers; NaN is left out.
    package init(_ values: [Double]) {
        sorted = values.filter { !$0.isNaN }.sorted()
    }

    /// The number of values.
    package var count: Int { sorted.count }

    /// The quantile at `fraction` (clamped to 0...1), linear between order statistics (Hyndman and Fan's type 7); `nil` for an empty list.
    package subscript(fraction: Double) -> Double? {
        guard let last = sorted.indices.last else { return nil }
        let position = min(max(fraction.isNaN ? 0 : fraction, 0), 1) * Double(last)
        let below = Int(position)
        let above = min(below + 1, last)
        let weight = position - Double(below)
        return sorted[below] + weight * (sorted[above] - sorted[below])
    }

    /// The median; `nil` for an empty list.
    package var median: Double? { self[0.5] }
    /// The lower quartile; `nil` for an empty list.
    package var lowerQuartile: Double? { self[0.25] }
    /// The upper quartile; `nil` for an empty list.
    package var upperQuartile: Double? { self[0.75] }
    /// The interval that resampled values give of `value`, which is always in it, leaving `tail` out on either side; all of
    /// `range` for an empty list.
    package func interval(
        of value: Double, in range: ClosedRange<Double>, tail: Double = 0.025
    ) -> (lower: Double, upper: Double) {
        (min(self[tail] ?? range.lowerBound, value), max(self[1 - tail] ?? range.upperBound, value))
    }
}
