public import Elements
import Scoring

/// The scores of one method on the explanations of one explainer.
public struct ScoreSummary: Sendable {
    /// The id of the score node.
    public let node: String
    /// The method.
    public let method: String
    /// The id of the explain node whose explanations were scored.
    public let explainedBy: String
    /// The scores that have a value, best first.
    public let scores: [Score]
    /// Scores without a value, because no verdict came.
    public let unavailable: Int
    /// Verdicts that failed, over all scores.
    public let failedVerdicts: Int
    /// The mean of the values; `nil` without any.
    public let mean: Double?
    /// The median and quartiles of the values; `nil` without any.
    public let quartiles: (lower: Double, median: Double, upper: Double)?
    /// The median of the scores' AUROC, where the method has one.
    public let medianAUROC: Double?

    /// Summarises scores by score node and explain node, in the order of their first appearance.
    public static func summaries(of scores: [Score]) -> [ScoreSummary] {
        struct Key: Hashable {
            let node: String
            let explainedBy: String
        }
        var order: [Key] = []
        var groups: [Key: [Score]] = [:]
        for score in scores {
            let key = Key(node: score.node, explainedBy: score.explainedBy)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(score)
        }
        return order.map { ScoreSummary(groups[$0] ?? [], node: $0.node, explainedBy: $0.explainedBy) }
    }

    private init(_ all: [Score], node: String, explainedBy: String) {
        self.node = node
        self.explainedBy = explainedBy
        method = all.first?.method ?? ""
        scores = all.filter { $0.headline != nil }.sorted { left, right in
            let (a, b) = (left.headline?.value ?? 0, right.headline?.value ?? 0)
            return a != b ? a > b : left.latent < right.latent
        }
        unavailable = all.count - scores.count
        failedVerdicts = all.reduce(0) { $0 + $1.failed }
        let values = scores.compactMap(\.headline?.value)
        mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        let quantiles = Quantiles(values)
        if let lower = quantiles.lowerQuartile, let median = quantiles.median, let upper = quantiles.upperQuartile {
            quartiles = (lower, median, upper)
        } else {
            quartiles = nil
        }
        medianAUROC = Quantiles(scores.compactMap { $0.details["auroc"]?.value }).median
    }
}
