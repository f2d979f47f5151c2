public import Elements
import Foundation

/// The mean of numbers with an interval by Student's t distribution.
public enum StudentT {
    /// The mean with its 95 % interval, mean ± t · s / √n; `nil` for fewer than two values or where one is not finite.
    ///
    /// Source: Student, "The probable error of a mean" (1908).
    public static func mean(of values: [Double]) -> Estimate? {
        guard values.count > 1, let error = standardError(of: values) else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let half = quantile(0.975, degrees: values.count - 1) * error
        return Estimate(value: mean, lower: mean - half, upper: mean + half, count: values.count)
    }

    /// The standard error of the mean, s / √n; `nil` for fewer than two values or where one is not finite.
    public static func standardError(of values: [Double]) -> Double? {
        guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / (count - 1) / count).squareRoot()
    }

    /// The quantile at a probability above one half and below 1; `degrees` of freedom are at least 1.
    static func quantile(_ probability: Double, degrees: Int) -> Double {
        var (low, high) = (0.0, 1.0)
        while distribution(high, degrees: degrees) < probability, high < 1e12 { (low, high) = (high, 2 * high) }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if distribution(middle, degrees: degrees) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
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
