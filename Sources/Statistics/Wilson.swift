package import Elements

/// Wilson's score interval for a proportion.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
package enum Wilson {
    /// The 0.975 quantile of the standard normal distribution.
    package static let z = 1.959_963_984_540_054

    /// The proportion `successes / count` with its 95 % interval; `nil` if there is no observation.
    package static func interval(successes: Int, of count: Int) -> Estimate? {
        guard count > 0, successes >= 0, successes <= count else { return nil }
        let p = Double(successes) / Double(count)
        let limits = limits(rate: p, count: Double(count))
        return Estimate(value: p, lower: limits.lower, upper: limits.upper, count: count)
    }

    /// The limits for a proportion `rate` of `count` observations, which may be an effective number and so no whole one;
    /// `z` is the quantile of the distribution of its error.
    package static func limits(rate p: Double, count n: Double, z: Double = z) -> (lower: Double, upper: Double) {
        guard n > 0 else { return (0, 1) }
        let z2 = z * z
        let centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        let half = z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
        // The ends at 0 and 1 are exact; rounding must not move them past the value.
        return (p <= 0 ? 0 : max(0, centre - half), p >= 1 ? 1 : min(1, centre + half))
    }
}
