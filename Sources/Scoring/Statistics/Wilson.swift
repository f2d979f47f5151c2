public import Elements

/// Wilson's score interval for a proportion.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
public enum Wilson {
    /// The 0.975 quantile of the standard normal distribution.
    public static let z = 1.959_963_984_540_054

    /// The proportion `successes / count` with its 95 % interval; `nil` where there is no observation.
    public static func interval(successes: Int, of count: Int) -> Estimate? {
        guard count > 0, successes >= 0, successes <= count else { return nil }
        let n = Double(count)
        let p = Double(successes) / n
        let z2 = z * z
        let centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        let half = z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
        // The ends at 0 and 1 are exact; rounding must not move them past the value.
        let lower = successes == 0 ? 0 : max(0, centre - half)
        let upper = successes == count ? 1 : min(1, centre + half)
        return Estimate(value: p, lower: lower, upper: upper, count: count)
    }
}
