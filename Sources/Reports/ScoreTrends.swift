public import Elements
import Foundation
import Scoring
import Statistics

/// The mean share found of the windows of one tenth by strength.
public struct StrengthDecile: Sendable {
    /// The tenth of the latent's windows by peak; 1 holds the strongest.
    public let decile: Int
    /// The mean over latents of the share of such windows that were judged positive.
    public let mean: Estimate

    private static let prefix = "true_positive_rate_block_"

    /// The tenths for which the scores have a share; none for a method without such shares.
    static func all(of summary: ScoreSummary) -> [StrengthDecile] {
        // One pass: a look-up of each tenth in each score was most of the time of a large report.
        var values: [Int: [LatentValue]] = [:]
        for score in summary.scores {
            for (name, figure) in score.details where name.utf8.starts(with: prefix.utf8) {
                guard let block = Int(name.dropFirst(prefix.count)), (0..<100).contains(block),
                    name == prefix + "\(block)"
                else { continue }
                values[block, default: []].append(LatentValue(value: figure.value, count: figure.count))
            }
        }
        return values.sorted { $0.key < $1.key }.compactMap { block, values in
            LatentMean(of: values).map { StrengthDecile(decile: block + 1, mean: $0.estimate) }
        }
    }
}

/// The scores of one method at several hookpoints.
public struct LayerTrend: Sendable {
    /// One coder's scores.
    public struct Layer: Sendable {
        /// The hookpoint.
        public let hookpoint: String
        /// The name of the summary.
        public let scorer: String
        /// The latents with a score.
        public let latents: Int
        /// Their mean.
        public let mean: Estimate
    }

    /// The method.
    public let method: String
    /// By hookpoint, lower layers first.
    public let layers: [Layer]
    /// Spearman's correlation of the score with the number of the layer, over all latents; `nil` if there is none.
    public let spearman: Double?

    /// The methods that were used at two hookpoints or more; random coders are left out.
    static func all(of summaries: [ScoreSummary]) -> [LayerTrend] {
        var methods: [String] = []
        for summary in summaries where !methods.contains(summary.method) { methods.append(summary.method) }
        return methods.compactMap { method in
            let own = summaries.filter { $0.method == method && !$0.isOfRandomCoder && !$0.scores.isEmpty }
            guard Set(own.compactMap(\.hookpoint)).count > 1 else { return nil }
            let layers = own.compactMap { summary -> Layer? in
                guard let hookpoint = summary.hookpoint, let means = summary.means else { return nil }
                return Layer(
                    hookpoint: hookpoint, scorer: summary.name, latents: summary.scores.count, mean: means.macro)
            }.sorted { (number($0.hookpoint) ?? .max, $0.hookpoint) < (number($1.hookpoint) ?? .max, $1.hookpoint) }
            let points = own.flatMap { summary -> [(Double, Double)] in
                guard let layer = summary.hookpoint.flatMap(number) else { return [] }
                return summary.scores.compactMap { score in score.headline.map { (Double(layer), $0.value) } }
            }
            return LayerTrend(
                method: method, layers: layers,
                spearman: Correlation.spearman(points.map(\.0), points.map(\.1)))
        }
    }

    /// The number in a hookpoint's name, such as 10 in `layers.10.mlp`.
    private static func number(_ hookpoint: String) -> Int? {
        hookpoint.split(separator: ".").lazy.compactMap { Int($0) }.first
    }
}
