public import Elements
import Scoring
import Statistics

/// The agreement of two scorers over the latents that both have scored.
public struct ScorerComparison: Sendable {
    /// The scorers' names.
    public let scorers: (String, String)
    /// The latents that both have scored.
    public let latents: Int
    /// Whether both scored the same explanations; else they scored different explanations of the same latents.
    public let isOfSameExplanations: Bool
    /// Spearman's correlation; `nil` if one of the scorers gave the same value to all.
    public let spearman: Double?
    /// Pearson's correlation; `nil` likewise.
    public let pearson: Double?

    /// All pairs with at least three latents in common, in the order of the summaries.
    static func all(of summaries: [(name: String, summary: ScoreSummary)]) -> [ScorerComparison] {
        var pairs: [ScorerComparison] = []
        for (index, first) in summaries.enumerated() {
            for second in summaries[(index + 1)...] where first.summary.coder == second.summary.coder {
                let isSame = first.summary.explainedBy == second.summary.explainedBy
                let places = second.summary.placesByLatent
                let others = second.summary.scores
                let common = first.summary.scores.compactMap { score -> (Double, Double)? in
                    guard let place = places[score.latent], !isSame || others[place].explanation == score.explanation,
                        let a = score.headline, let b = others[place].headline
                    else { return nil }
                    return (a.value, b.value)
                }
                guard common.count >= 3 else { continue }
                let (a, b) = (common.map(\.0), common.map(\.1))
                pairs.append(
                    ScorerComparison(
                        scorers: (first.name, second.name), latents: common.count, isOfSameExplanations: isSame,
                        spearman: Correlation.spearman(a, b), pearson: Correlation.pearson(a, b)))
            }
        }
        return pairs
    }
}

/// The mean score of the latents of one tenth by firing rate.
public struct RateDecile: Sendable {
    /// The tenth; 1 holds the latents that fire least often.
    public let decile: Int
    /// The largest share of tokens at which one of its latents fires.
    public let upperRate: Double
    /// The mean score, with its interval.
    public let mean: Estimate

    /// The tenths of a summary's latents whose firing rate is known; none for fewer than ten.
    static func all(of summary: ScoreSummary) -> [RateDecile] {
        let range = ScoringMethods.ofScores(summary.method).scale.range
        let known = summary.scores.compactMap(LatentValue.init)
        let latents = summary.scores.compactMap { $0.headline == nil ? nil : $0.latent }
        // The scores stand in order of their value, which must not decide among equal rates.
        let values = known.indices.compactMap { index in
            known[index].firingRate.map { (rate: $0, latent: latents[index], index: index) }
        }.sorted { $0 < $1 }
        guard values.count >= 10 else { return [] }
        return (0..<10).compactMap { tenth in
            let part = values[(tenth * values.count / 10)..<((tenth + 1) * values.count / 10)]
            guard let last = part.last, let mean = LatentMean(of: part.map { known[$0.index] }, range: range) else {
                return nil
            }
            return RateDecile(decile: tenth + 1, upperRate: last.rate, mean: mean.estimate)
        }
    }
}
