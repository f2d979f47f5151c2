public import Elements
import Scoring
import Statistics

/// A method's results against negatives of one tier, over the latents for which they are available.
public struct TierSummary: Sendable {
    /// The tier.
    public let tier: NegativeTier
    /// The latents that the mean rests on.
    public let latents: Int
    /// Those with too few windows of the tier.
    public let notAvailable: Int
    /// The mean over latents with its 95 % interval; `nil` without any.
    public let mean: Estimate?
    /// Whether the interval is by resampling documents too; if not, it ignores the documents that latents share.
    public let resamplesDocuments: Bool
    /// The median; `nil` without any.
    public let median: Double?
    /// The negatives that each rests on, on average; `nil` without any latent.
    public let windowsPerLatent: Double?
    /// The results of controls against the same tier, by name; without a mean if none has scored it.
    public let controls: [(name: String, latents: Int, mean: Estimate?)]

    /// The tiers of some scores, in the order of `NegativeTier`; empty if only random negatives were asked for.
    static func all(_ scores: [Score], controls: [(name: String, scores: [Score])]) -> [TierSummary] {
        let tiers = scores.flatMap(\.tiers)
        let others = controls.map { (name: $0.name, tiers: $0.scores.flatMap(\.tiers)) }
        return NegativeTier.allCases.compactMap { tier in
            let own = tiers.filter { $0.tier == tier }
            guard !own.isEmpty else { return nil }
            return TierSummary(
                tier, own,
                controls: others.map { name, tiers in
                    let scored = tiers.filter { $0.tier == tier && $0.figure != nil }
                    return (name: name, latents: scored.count, mean: mean(scored)?.estimate)
                })
        }
    }

    private init(
        _ tier: NegativeTier, _ scores: [TierScore], controls: [(name: String, latents: Int, mean: Estimate?)]
    ) {
        let scored = scores.filter { $0.figure != nil }
        let figures = scored.compactMap(\.figure)
        self.tier = tier
        latents = figures.count
        notAvailable = scores.count - figures.count
        let mean = Self.mean(scored)
        self.mean = mean?.estimate
        resamplesDocuments = mean?.resamplesDocuments ?? false
        median = Quantiles(figures.map(\.value)).median
        windowsPerLatent =
            scored.isEmpty ? nil : Double(scored.reduce(0) { $0 + $1.windows }) / Double(scored.count)
        self.controls = controls
    }

    private static func mean(_ scores: [TierScore]) -> LatentMean? {
        LatentMean(
            of: scores.compactMap { score in
                score.figure.map { LatentValue(value: $0.value, count: $0.count, replicates: score.replicates) }
            })
    }

    /// The summary in one line under that of its method, and its controls.
    var line: String {
        guard let mean else {
            return "    negatives \(tier.rawValue): not available for any of \(notAvailable) latents"
        }
        let missing = notAvailable > 0 ? ", not available for \(notAvailable)" : ""
        let alone = resamplesDocuments || latents < 2 ? "" : " (interval by latents alone)"
        return "    negatives \(tier.rawValue): \(mean.text) over \(latents) latents\(missing)\(alone)"
            + controls.map { "; \($0.name) " + ($0.mean?.text ?? "not available") }.joined()
    }
}
