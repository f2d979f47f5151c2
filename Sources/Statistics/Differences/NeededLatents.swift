import Foundation

/// How many latents it takes to tell a difference of the size that was observed from none: by a two-sided test at 5 %, in four
/// of five repetitions.
///
/// n = (z₀.₉₇₅ + z₀.₈)² s² / (δ² - (z₀.₉₇₅ + z₀.₈)² v) + z₀.₉₇₅² / 2, with s the deviation of the latents' differences, δ the
/// difference and v the variance that documents add to it, which no further latent takes away. The last term allows for s being
/// an estimate.
/// Sources: S.-C. Chow, J. Shao and H. Wang, "Sample Size Calculations in Clinical Research" (2008), section 3.1; W. C. Guenther,
/// "Sample size formulas for normal theory t tests" (1981).
package enum NeededLatents: Sendable, Hashable {
    /// So many in all.
    case latents(Int)
    /// There is no difference to tell.
    case noDifference
    /// No number of latents is enough, since what documents add alone hides the difference: it takes more documents.
    case moreDocuments

    /// How often a difference of this size is to be told.
    package static let power = 0.8
    /// The 0.8 quantile of the normal distribution.
    private static let zOfPower = 0.841621233572914_3
    /// What counts as without end.
    private static let most = 1e12

    /// Reckons it.
    ///
    /// - Parameters:
    ///   - difference: The mean difference.
    ///   - deviation: The standard deviation of the latents' differences.
    ///   - shared: The variance that documents add to the mean.
    package init(difference: Double, deviation: Double, shared: Double) {
        guard abs(difference) > PairedDifference.rounding, deviation.isFinite else {
            self = .noDifference
            return
        }
        let z = Wilson.z + Self.zOfPower
        let left = difference * difference - z * z * shared
        let count = (z * z * deviation * deviation / left + Wilson.z * Wilson.z / 2).rounded(.up)
        // Two at least: of one there is no deviation.
        self = left > 0 && count <= Self.most ? .latents(max(2, Int(count))) : .moreDocuments
    }

    /// How many more than `latents`; `nil` if no number is enough or there is nothing to tell.
    package func more(than latents: Int) -> Int? {
        if case .latents(let count) = self { max(0, count - latents) } else { nil }
    }
}
