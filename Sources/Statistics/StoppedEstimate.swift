/// Rates estimated without bias although one stopped when they looked good enough, or bad enough.
///
/// The first pair asked is a random one, so whether it was answered rightly is an estimate without bias; its mean over all orders of
/// asking that lead to the same counts at the same stop has no bias either, and the least spread. Orders are counted over the numbers
/// of right answers by class; those that would have stopped earlier are left out. Holds with and without replacement.
/// Source: M. A. Girshick, F. Mosteller and L. J. Savage, "Unbiased estimates for certain binomial sampling problems with
/// applications" (1946).
package struct StoppedEstimate: Sendable, Hashable {
    /// The true-positive rate.
    package let truePositiveRate: Double
    /// The true-negative rate.
    package let trueNegativeRate: Double

    /// The mean of both rates.
    package var balancedAccuracy: Double { (truePositiveRate + trueNegativeRate) / 2 }

    /// Pairs above which the orders are not counted: the work grows with their cube.
    package static let mostPairs = 512

    /// The estimate; `nil` if no order leads to the counts, or the pairs are too many.
    ///
    /// - Parameters:
    ///   - positives: Right answers on positives.
    ///   - negatives: Right answers on negatives.
    ///   - looks: The numbers of pairs after which it was looked whether to stop, ascending; the last is where it stopped.
    ///   - stops: Whether one stops after this many pairs with `right` right answers of both classes together.
    package init?(positives: Int, negatives: Int, looks: [Int], stops: (_ pairs: Int, _ right: Int) -> Bool) {
        guard let pairs = looks.last, pairs > 0, pairs <= Self.mostPairs, (0...pairs).contains(positives),
            (0...pairs).contains(negatives)
        else { return nil }
        let width = pairs + 1
        let asked = Set(looks.dropLast())
        // [right positives, right negatives]: shares of orders, and those of them whose first positive, or negative, was right.
        var all = [Double](repeating: 0, count: width * width)
        var (first, second) = (all, all)
        for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            all[a * width + b] = 1
            first[a * width + b] = Double(a)
            second[a * width + b] = Double(b)
        }
        for pair in 1...pairs {
            if pair > 1 {
                for a in stride(from: pair, through: 0, by: -1) {
                    for b in stride(from: pair, through: 0, by: -1) {
                        let index = a * width + b
                        func sum(_ counts: [Double]) -> Double {
                            counts[index] + (a > 0 ? counts[index - width] : 0) + (b > 0 ? counts[index - 1] : 0)
                                + (a > 0 && b > 0 ? counts[index - width - 1] : 0)
                        }
                        // A quarter each: shares stay within range however many orders there are.
                        (all[index], first[index], second[index]) = (sum(all) / 4, sum(first) / 4, sum(second) / 4)
                    }
                }
            }
            guard asked.contains(pair) else { continue }
            for a in 0...pair {
                for b in 0...pair where stops(pair, a + b) {
                    (all[a * width + b], first[a * width + b], second[a * width + b]) = (0, 0, 0)
                }
            }
        }
        let end = positives * width + negatives
        guard all[end] > 0 else { return nil }
        truePositiveRate = first[end] / all[end]
        trueNegativeRate = second[end] / all[end]
    }
}
