package import Elements
import Foundation

/// How far the values of two nodes lie apart over the latents that both have scored.
///
/// The difference is taken latent by latent, so that what makes latents easy or hard for both is not in it. Its interval is a
/// bootstrap: each resample draws whole latents and is moved by what documents add to the differences of several latents at
/// once (`DocumentSpread`).
package struct PairedDifference: Sendable, Hashable {
    /// For how many latents which node has the larger value.
    package struct Outcomes: Sendable, Hashable {
        /// The first one.
        package let wins: Int
        /// Neither.
        package let ties: Int
        /// The second one.
        package let losses: Int
    }

    /// A difference no larger than this is rounding, and counts as none.
    package static let rounding = 1e-12

    /// The mean of the first node's values.
    package let meanOfA: Double
    /// The mean of the second node's values.
    package let meanOfB: Double
    /// The mean of `a - b`, with its 95 % interval.
    package let difference: Estimate
    /// Latents by which value is the larger one.
    package let outcomes: Outcomes
    /// The standard error of the difference over latents; `nil` for fewer than two.
    package let pairedError: Double?
    /// The same if the two nodes had scored latents drawn apart from each other; `nil` for fewer than two.
    package let unpairedError: Double?
    /// How many latents it takes to tell the difference from none; `nil` for fewer than two.
    package let needed: NeededLatents?
    /// Whether documents are resampled too.
    package let resamplesDocuments: Bool
    /// Pearson's correlation of the values; `nil` if a node gave all latents the same.
    package let pearson: Double?
    /// Spearman's correlation of the values; `nil` likewise.
    package let spearman: Double?

    /// Reckons the difference; `nil` without latents.
    ///
    /// - Parameters:
    ///   - values: By latent, in an order that does not depend on the values.
    ///   - range: That of one node's values. A single latent says nothing about the spread: its interval is as wide as this allows.
    package init?(
        of values: [PairedValue], range: ClosedRange<Double> = 0...1, resamples: Int = 1000, seed: UInt64 = 0
    ) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let (a, b, differences) = (values.map(\.a), values.map(\.b), values.map(\.difference))
        let mean = differences.reduce(0, +) / count
        meanOfA = a.reduce(0, +) / count
        meanOfB = b.reduce(0, +) / count
        outcomes = Outcomes(
            wins: differences.count { $0 > Self.rounding }, ties: differences.count { abs($0) <= Self.rounding },
            losses: differences.count { $0 < -Self.rounding })
        let deviations = values.compactMap(\.deviations)
        let spread =
            deviations.count == values.count && values.count > 1
            ? DocumentSpread(of: deviations, times: 1 / count) : nil
        resamplesDocuments = spread != nil
        let drawn =
            values.count > 1 ? Resampling.means(of: differences, max(resamples, 1), seed: seed) : []
        difference = DifferenceInterval(range: range, spread: spread, latents: values.count)
            .estimate(mean, resamples: drawn, count: values.count)
        pairedError = StudentT.standardError(of: differences)
        unpairedError = DifferenceInterval.unpairedError(a, b)
        needed = pairedError.map {
            NeededLatents(difference: mean, deviation: $0 * count.squareRoot(), shared: spread?.variance ?? 0)
        }
        pearson = Correlation.pearson(a, b)
        spearman = Correlation.spearman(a, b)
    }
}

extension Estimate {
    /// Whether a difference is told from none: its interval leaves 0 out.
    package var isTold: Bool { lower > 0 || upper < 0 }
}
