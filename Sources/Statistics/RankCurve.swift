/// The area under the receiver operating characteristic, ties counting half.
///
/// Source: the Mann–Whitney statistic, U / (n₁ n₀).
package struct RankCurve: Sendable {
    private let order: [Int]
    private let isPositive: [Bool]
    /// The end of each run of equal scores in `order`.
    private let runEnds: [Int]

    /// Sorts some scores once, so that areas under many weightings are cheap; NaN counts as the lowest score.
    package init(scores: [Double], isPositive: [Bool]) {
        let count = min(scores.count, isPositive.count)
        let values = scores.prefix(count).map { $0.isNaN ? -Double.infinity : $0 }
        let sorted = (0..<count).sorted { values[$0] < values[$1] }
        order = sorted
        self.isPositive = Array(isPositive.prefix(count))
        runEnds = (0..<count).filter { $0 + 1 == count || values[sorted[$0]] != values[sorted[$0 + 1]] }.map { $0 + 1 }
    }

    /// The area; `nil` if a class is empty.
    ///
    /// `weights` says how often each observation counts; `nil` is once each.
    package func area(weights: [Int]? = nil) -> Double? {
        var positivesBelow = 0.0
        var negativesBelow = 0.0
        var wins = 0.0
        var start = 0
        for end in runEnds {
            var positives = 0.0
            var negatives = 0.0
            for index in order[start..<end] {
                let weight = weights.map { index < $0.count ? Double($0[index]) : 0 } ?? 1
                if isPositive[index] { positives += weight } else { negatives += weight }
            }
            wins += positives * (negativesBelow + negatives / 2)
            positivesBelow += positives
            negativesBelow += negatives
            start = end
        }
        guard positivesBelow > 0, negativesBelow > 0 else { return nil }
        return wins / (positivesBelow * negativesBelow)
    }
}
