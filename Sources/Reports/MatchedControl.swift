import Elements
import Scoring
import Statistics

/// The scores of a random coder's latents that fire as often as the trained one's.
///
/// Scores depend on how often a latent fires, and the latents of two coders differ in that. The trained coder's latents
/// are cut into tenths by firing rate; the mean of the random coder's in each is weighed by the number of the trained
/// one's. The interval is a bootstrap of the random coder's latents within each tenth; its latents share documents, which is
/// not in it.
struct MatchedControl: Sendable {
    /// The weighted mean of the random coder's scores.
    let mean: Estimate
    /// The trained coder's mean over the same tenths.
    let trained: Double
    /// The random coder's latents that are in one of the tenths.
    let latents: Int
    /// The share of the trained coder's latents whose tenth holds two of the random coder's at least.
    let covered: Double

    /// The least share of the trained coder's latents that must have a match.
    static let leastCovered = 0.5
    private static let resamples = 1000

    /// `nil` with too few latents whose firing rate is known, or if less than half of the trained ones have a match.
    init?(trained: [LatentValue], random: [LatentValue]) {
        func known(_ values: [LatentValue]) -> [(rate: Double, value: Double)] {
            values.compactMap { value in value.firingRate.map { ($0, value.value) } }.sorted { $0 < $1 }
        }
        let (own, others) = (known(trained), known(random))
        guard own.count >= 10, own.count == trained.count else { return nil }
        var strata: [(weight: Double, trained: Double, values: [Double])] = []
        var start = 0
        for tenth in 0..<10 {
            var end = max(start, (tenth + 1) * own.count / 10)
            // Equal rates stay together, or the random coder's latents of that rate would count in several tenths.
            while start < end, end < own.count, own[end].rate == own[end - 1].rate { end += 1 }
            let part = own[start..<end]
            start = end
            guard let first = part.first, let last = part.last else { continue }
            let values = others.filter { $0.rate >= first.rate && $0.rate <= last.rate }.map(\.value)
            guard values.count > 1 else { continue }
            strata.append((Double(part.count), part.reduce(0) { $0 + $1.value }, values))
        }
        let weight = strata.reduce(0) { $0 + $1.weight }
        covered = weight / Double(own.count)
        guard covered >= Self.leastCovered else { return nil }
        func mean(_ pick: (_ index: Int, _ count: Int) -> Int) -> Double {
            strata.reduce(0) { sum, stratum in
                let values = stratum.values
                let drawn = values.indices.reduce(0.0) { $0 + values[pick($1, values.count)] }
                return sum + stratum.weight * drawn / Double(values.count)
            } / weight
        }
        let value = mean { index, _ in index }
        var generator = SeededGenerator(seed: 0)
        let means = Quantiles((0..<Self.resamples).map { _ in mean { generator.next(below: $1) } })
        latents = strata.reduce(0) { $0 + $1.values.count }
        self.trained = strata.reduce(0) { $0 + $1.trained } / weight
        let (lower, upper) = means.interval(of: value, in: 0...1)
        self.mean = Estimate(value: value, lower: lower, upper: upper, count: latents)
    }
}
