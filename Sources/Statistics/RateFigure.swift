/// A figure of a judge's true-positive and true-negative rate that grows with both, from 0 to 1.
package struct RateFigure: Sendable {
    package typealias Slopes = (truePositive: Double, trueNegative: Double)

    /// The figure of the two rates.
    let value: @Sendable (_ truePositive: Double, _ trueNegative: Double) -> Double
    /// Its derivatives by both.
    package let slopes: @Sendable (_ truePositive: Double, _ trueNegative: Double) -> Slopes

    /// The mean of both rates.
    package static let balancedAccuracy = RateFigure(value: { ($0 + $1) / 2 }, slopes: { _, _ in (0.5, 0.5) })

    /// `2 a / (1 + a + r (1 - b))` for r negatives to a positive.
    static func f1(negativesPerPositive ratio: Double) -> RateFigure {
        RateFigure(
            value: { 2 * $0 / (1 + $0 + ratio * (1 - $1)) },
            slopes: { found, passed in
                let alarms = ratio * (1 - passed)
                let whole = (1 + found + alarms) * (1 + found + alarms)
                return (2 * (1 + alarms) / whole, 2 * found * ratio / whole)
            })
    }

    /// `a / (a + r (1 - b))` for r negatives to a positive; 0 if nothing is said to be positive.
    static func precision(negativesPerPositive ratio: Double) -> RateFigure {
        RateFigure(
            value: { $0 > 0 ? $0 / ($0 + ratio * (1 - $1)) : 0 },
            slopes: { found, passed in
                let alarms = ratio * (1 - passed)
                let whole = (found + alarms) * (found + alarms)
                return (alarms / whole, found * ratio / whole)
            })
    }
}
