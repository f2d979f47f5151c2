import Foundation

/// How far from the mean of many numbers one has to be to stand out: about as far as the largest of as many normal draws comes.
package struct ChanceLimit: Sendable, Hashable {
    /// The mean; 0 of none.
    package let mean: Double
    /// The standard deviation, of the numbers themselves.
    package let deviation: Double
    /// √(2 ln n) standard deviations.
    package let distance: Double

    /// Reads all numbers twice.
    package init(of values: some Collection<Float>) {
        let count = Double(values.count)
        let mean = values.reduce(0) { $0 + Double($1) } / max(count, 1)
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / max(count, 1)
        self.mean = mean
        deviation = variance.squareRoot()
        distance = (2 * log(max(count, 2))).squareRoot() * deviation
    }
}
