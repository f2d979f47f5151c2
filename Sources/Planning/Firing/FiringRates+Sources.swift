import Evidence
import Foundation

extension FiringRates {
    /// What is assumed of a coder of which nothing is known: all latents fire, and their rates are log-normal, as
    /// `MemoryExpectation` has them.
    package static let usual = logNormal(deviation: MemoryExpectation.deviation)

    /// Log-normal rates of a deviation in natural logarithms, cut into parts of equal width in the underlying normal variable.
    ///
    /// The most active share p has Φ(deviation + Φ⁻¹(p)) of the mass.
    package static func logNormal(deviation: Double) -> FiringRates {
        let (parts, reach) = (4096, 9.0)
        let width = 2 * reach / Double(parts)
        var weighted: [(weight: Double, rate: Double)] = []
        for part in 0..<parts {
            let low = -reach + Double(part) * width
            weighted.append((weight: below(low + width) - below(low), rate: exp(deviation * (low + width / 2))))
        }
        return FiringRates(weighted, total: 1, basis: .assumed)
    }

    /// The rates of latents counted by powers of ten of the tokens on which they fired: `decades[i]` latents fired on 10^i tokens or
    /// more and fewer than 10^(i+1), `never` on none.
    ///
    /// Within a power of ten they are spread evenly over the logarithm. `nil` if none has fired.
    package init?(never: Int, decades: [Int]) {
        let steps = 32
        var weighted: [(weight: Double, rate: Double)] = []
        for (decade, count) in decades.enumerated() {
            for step in 0..<steps {
                let exponent = Double(decade) + (Double(step) + 0.5) / Double(steps)
                weighted.append((weight: Double(max(0, count)) / Double(steps), rate: pow(10.0, exponent)))
            }
        }
        let total = Double(max(0, never)) + decades.reduce(0) { $0 + Double(max(0, $1)) }
        self.init(weighted, total: total, basis: .measured)
        guard firing > 0 else { return nil }
    }

    /// The probability that a standard normal variable lies below a value.
    private static func below(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }
}
