/// How unlike each other the latents of a coder are in how often they fire.
///
/// Rates are relative: their mean over all latents, those that never fire among them, is 1.
package struct FiringRates: Sendable, Hashable {
    /// Latents of one rate.
    struct Part: Sendable, Hashable {
        /// Their share of all latents.
        let share: Double
        /// Their rate.
        let rate: Double
    }

    /// How they are known.
    package let basis: Basis
    /// By rate, the largest first; their shares are 1 together unless some latents never fire.
    private let parts: [Part]

    /// Takes latents by weight and rate, and makes the mean rate 1; `total` is the weight of all latents.
    init(_ weighted: [(weight: Double, rate: Double)], total: Double, basis: Basis) {
        let firing = weighted.filter { $0.weight > 0 && $0.rate > 0 }.sorted { $0.rate > $1.rate }
        let mass = firing.reduce(0) { $0 + $1.weight * $1.rate }
        self.basis = basis
        guard total > 0, mass > 0 else {
            parts = []
            return
        }
        parts = firing.map { Part(share: $0.weight / total, rate: $0.rate * total / mass) }
    }

    /// The share of latents that fire at all.
    package var firing: Double { parts.reduce(0) { $0 + $1.share } }

    /// The share of all firing that the most active share of latents has.
    package func mass(ofMostActive share: Double) -> Double {
        var (left, mass) = (max(0, share), 0.0)
        for part in parts where left > 0 {
            let taken = min(left, part.share)
            mass += taken * part.rate
            left -= taken
        }
        return min(mass, 1)
    }

    /// The mean over the most active share of latents of some function of their rates; 0 over none.
    package func mean(ofMostActive share: Double, _ value: (Double) -> Double) -> Double {
        var (left, taken, sum) = (max(0, share), 0.0, 0.0)
        for part in parts where left > 0 {
            let weight = min(left, part.share)
            sum += weight * value(part.rate)
            taken += weight
            left -= weight
        }
        return taken > 0 ? sum / taken : 0
    }

    /// The share of latents whose rate is at least some value above 0.
    package func share(ofRate least: Double) -> Double {
        parts.prefix { $0.rate >= least }.reduce(0) { $0 + $1.share }
    }

    /// The mean over all latents of some function of their rates that is 0 for those that never fire.
    package func mean(_ value: (Double) -> Double) -> Double {
        parts.reduce(0) { $0 + $1.share * value($1.rate) }
    }
}
