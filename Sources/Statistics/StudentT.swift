package import Elements
import Foundation

/// The mean of numbers with an interval by Student's t distribution.
package enum StudentT {
    /// The mean with its 95 % interval, mean ± t · s / √n; `nil` for fewer than two values or if one is not finite.
    ///
    /// Source: Student, "The probable error of a mean" (1908).
    package static func mean(of values: [Double]) -> Estimate? {
        guard values.count > 1, let error = standardError(of: values) else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let half = quantile(0.975, degrees: values.count - 1) * error
        return Estimate(value: mean, lower: mean - half, upper: mean + half, count: values.count)
    }

    /// The standard error of the mean, s / √n; `nil` for fewer than two values or if one is not finite.
    package static func standardError(of values: [Double]) -> Double? {
        guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / (count - 1) / count).squareRoot()
    }

    /// The quantile at a probability above one half and below 1; `degrees` of freedom are whole and at least 1.
    ///
    /// To the last bits, by bisection: for means of a few values, whose intervals rest on it at one or two degrees.
    static func quantile(_ probability: Double, degrees: Int) -> Double {
        var (low, high) = (0.0, 1.0)
        while distribution(high, degrees: degrees) < probability, high < 1e12 { (low, high) = (high, 2 * high) }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if distribution(middle, degrees: degrees) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The 0.975 quantile for at least two degrees of freedom, which need not be whole; within 1 % at two, 10⁻⁴ from five on.
    ///
    /// An expansion about the normal quantile, since the finite series of `distribution` needs whole degrees and those of
    /// an estimated design effect are not. At whole degrees it differs from `quantile` by what is said above: stored
    /// scores were made with either, so neither takes the other's place.
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

    /// The share of resamples to leave out on either side of a percentile interval over few latents.
    ///
    /// Percentiles of a few latents lie too near the middle: resampling divides by n and takes the normal distribution's
    /// tails. Each end is therefore the percentile at Φ(-√(n / (n - 1)) t), t Student's 0.975 quantile at n - 1 degrees of
    /// freedom, as `quantile` gives it. Nothing is left out for fewer than two latents.
    /// Source: T. C. Hesterberg, "What teachers should know about the bootstrap" (2015), section 4.1 (expanded percentiles).
    static func expandedTail(latents: Int, quantile: (Int) -> Double) -> Double {
        guard latents > 1 else { return 0 }
        let count = Double(latents)
        let reach = (count / (count - 1)).squareRoot() * quantile(latents - 1)
        return erfc(reach / 2.0.squareRoot()) / 2
    }

    /// The distribution function at `t` of at least 0, summed as a finite series.
    ///
    /// Source: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4.
    static func distribution(_ t: Double, degrees: Int) -> Double {
        let n = max(degrees, 1)
        let angle = atan(t / Double(n).squareRoot())
        let (sine, cosine) = (sin(angle), cos(angle))
        // The probability of [-t, t].
        var inside: Double
        if n % 2 == 1 {
            var term = cosine
            var sum = n > 1 ? term : 0
            for k in stride(from: 3, through: n - 2, by: 2) {
                term *= cosine * cosine * Double(k - 1) / Double(k)
                sum += term
            }
            inside = 2 / Double.pi * (angle + sine * sum)
        } else {
            var term = 1.0
            var sum = term
            for k in stride(from: 2, through: n - 2, by: 2) {
                term *= cosine * cosine * Double(k - 1) / Double(k)
                sum += term
            }
            inside = sine * sum
        }
        inside = min(max(inside, 0), 1)
        return (1 + inside) / 2
    }
}
