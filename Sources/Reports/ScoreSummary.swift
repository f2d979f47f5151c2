import Dataflow
public import Elements
import Scoring
package import Statistics

/// The scores of one method on the explanations of one explainer, and the results of the method's controls.
public struct ScoreSummary: Sendable {
    /// The id of the score node.
    public let node: String
    /// The method.
    public let method: String
    /// The id of the explain node whose explanations were scored.
    public let explainedBy: String
    /// The name of the encode node.
    public let coder: String
    /// The hookpoint that the coder reads; `nil` without scores.
    public let hookpoint: String?
    /// The scores that have a value, best first; no controls.
    public let scores: [Score]
    /// The latest control of each latent, by latent: the score of another latent's explanation on its windows, or the like.
    public let ownControls: [Int: Score]
    /// Scores without a value, because no verdict came.
    public let unavailable: Int
    /// Verdicts that failed, over all scores.
    public let failedVerdicts: Int
    /// The means of the values, each with its interval; `nil` without any.
    package let means: LatentMeans?
    /// The median and quartiles of the values; `nil` without any.
    public let quartiles: (lower: Double, median: Double, upper: Double)?
    /// The median of the scores' AUROC, if the method has one.
    public let medianAUROC: Double?
    /// Tokens sent and answered per scored latent, without those of controls; `nil` without any.
    public let tokensPerLatent: Double?
    /// The windows left out of those that the scores rest on; `nil` if the scores do not say.
    public let heldOut: HeldOutSummary?
    /// The questions asked and their cost, without controls.
    public let cost: ScoringCost
    /// The method's results against each tier of negatives; empty if only random ones were asked for.
    public let tiers: [TierSummary]
    /// The results of this method's controls, including those that are not available.
    public let controls: [ControlSummary]
    /// Which way the judge leans; `nil` for methods without verdicts.
    public let leaning: JudgeLeaning?
    /// The balanced accuracy at fitted thresholds; `nil` unless a judge gave probabilities and was asked about the train side.
    public let calibrated: CalibratedSummary?
    /// Whether the values are areas under the ROC curve of a judge's probabilities in place of the method's usual figure.
    public let areAreas: Bool
    /// Whether the coder is a random one, so that these scores are themselves a control.
    public let isOfRandomCoder: Bool

    /// The mean of the values; `nil` without any.
    public var mean: Double? { means?.macro.value }
    /// The identity of the summary: the nodes that scored and explained.
    public var name: String { "\(node)(\(explainedBy))" }

    /// Why not to trust a score, in the words of pages; empty if nothing speaks against it.
    func doubts(about score: Score) -> [String] {
        ScoreDoubts.about(score, control: ownControls[score.latent]?.headline)
    }

    /// The `count` best scores, best first.
    func best(_ count: Int) -> ArraySlice<Score> { scores.prefix(count) }

    /// The `count` worst scores that are not among the `count` best, worst last.
    func worst(_ count: Int) -> ArraySlice<Score> { scores.dropFirst(count).suffix(count) }

    /// By latent, where its first score is among `scores`.
    var placesByLatent: [Int: Int] {
        Dictionary(scores.indices.map { (scores[$0].latent, $0) }) { first, _ in first }
    }

    /// Summarises scores by score node, explain node and figure, in the order of their first appearance.
    ///
    /// `randomCoders` names the encode nodes whose coder is random: their scores are controls of the other coders' at the
    /// same hookpoint.
    public static func summaries(of scores: [Score], randomCoders: Set<String> = []) -> [ScoreSummary] {
        struct Key: Hashable {
            let node: String
            let explainedBy: String
            let isArea: Bool
        }
        var order: [Key] = []
        var groups: [Key: [Int]] = [:]
        for (index, score) in scores.enumerated() {
            let key = Key(node: score.node, explainedBy: score.explainedBy, isArea: score.uncalibrated != nil)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(index)
        }
        let random =
            randomCoders.isEmpty ? [] : scores.filter { $0.control == nil && randomCoders.contains($0.coder.name) }
        return order.compactMap { groups[$0] }.filter { $0.contains { scores[$0].control == nil } }
            .concurrentMap { group in
                ScoreSummary(
                    group.filter { scores[$0].control == nil }.map { scores[$0] },
                    controls: group.filter { scores[$0].control != nil }.map { scores[$0] }, random: random,
                    randomCoders: randomCoders)
            }
    }

    /// - Parameters:
    ///   - all: Those that are no controls.
    ///   - controlled: Those of the method's own controls.
    private init(_ all: [Score], controls controlled: [Score], random: [Score], randomCoders: Set<String>) {
        node = all.first?.node ?? ""
        explainedBy = all.first?.explainedBy ?? ""
        method = all.first?.method ?? ""
        coder = all.first?.coder.name ?? ""
        hookpoint = all.first?.coder.hookpoint
        isOfRandomCoder = randomCoders.contains(coder)
        // Scores are moved once, in place of at each step of sorting.
        let ranks = all.indices.compactMap { index in
            all[index].headline.map { (value: $0.value, latent: all[index].latent, index: index) }
        }.sorted { ($1.value, $0.latent, $0.index) < ($0.value, $1.latent, $1.index) }
        scores = ranks.map { all[$0.index] }
        ownControls = Dictionary(controlled.map { ($0.latent, $0) }) { first, _ in first }
        unavailable = all.count { $0.headline == nil && $0.sequential?.settledBy == nil }
        cost = ScoringCost(all, method: all.first?.method ?? "")
        failedVerdicts = all.reduce(0) { $0 + $1.failed }
        means = LatentMeans(of: scores.compactMap(LatentValue.init), range: ScoringMethods.ofScores(method).scale.range)
        let quantiles = Quantiles(scores.compactMap(\.headline?.value))
        if let lower = quantiles.lowerQuartile, let median = quantiles.median, let upper = quantiles.upperQuartile {
            quartiles = (lower, median, upper)
        } else {
            quartiles = nil
        }
        heldOut = HeldOutSummary(of: scores)
        medianAUROC = Quantiles(scores.compactMap { $0.details["auroc"]?.value }).median
        let tokens = scores.reduce(0) { $0 + $1.tokensIn + $1.tokensOut }
        tokensPerLatent = scores.isEmpty ? nil : Double(tokens) / Double(scores.count)
        let shuffled = controlled.filter { $0.control == Shuffle.name }
        let (method, hookpoint) = (method, all.first?.coder.hookpoint)
        let chance =
            isOfRandomCoder
            ? nil
            : random.filter {
                $0.method == method && $0.coder.hookpoint == hookpoint
                    && ($0.uncalibrated != nil) == (all.first?.uncalibrated != nil)
            }
        controls = ControlSummary.all(
            method: method, scores: all, controlled: controlled, random: chance)
        areAreas = JudgedMethod(rawValue: method) != nil && all.first?.uncalibrated != nil
        leaning = JudgeLeaning(of: scores)
        calibrated = CalibratedSummary(of: scores, shuffled: shuffled)
        tiers = TierSummary.all(
            all, controls: [(Shuffle.name, shuffled)] + (chance.map { [(ControlSummary.randomCoder, $0)] } ?? []))
    }
}
