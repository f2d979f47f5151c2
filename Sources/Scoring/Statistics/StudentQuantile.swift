/// The 0.975 quantile of Student's t distribution.
enum StudentQuantile {
    /// The quantile for at least two degrees of freedom, which need not be whole; within 1 % at two, 10⁻⁴ from five on.
    ///
    /// Source: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
    static func upper(degrees: Double) -> Double {
        let z = Wilson.z
        guard degrees < .infinity else { return z }
        let inverse = 1 / max(degrees, 2)
        func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { product, _ in product * z } }
        let terms = [
            (power(3) + z) / 4,
            (5 * power(5) + 16 * power(3) + 3 * z) / 96,
            (3 * power(7) + 19 * power(5) + 17 * power(3) - 15 * z) / 384,
            (79 * power(9) + 776 * power(7) + 1482 * power(5) - 1920 * power(3) - 945 * z) / 92_160,
        ]
        var (sum, factor) = (z, inverse)
        for term in terms {
            sum += term * factor
            factor *= inverse
        }
        return sum
    }
}
