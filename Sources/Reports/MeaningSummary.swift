public import Elements
import Scoring
import Statistics

/// How many meanings latents have by an explain node that tells them apart, and how well parts are explained.
public struct MeaningSummary: Sendable {
    /// The scores of one scorer on latents of several parts.
    public struct Scorer: Sendable {
        /// The id of the score node.
        public let node: String
        /// The method.
        public let method: String
        /// Latents of which some part has a score of its own.
        public let latents: Int
        /// Parts with a score.
        public let parts: Int
        /// The mean over those latents of the score of the whole explanation on all their windows.
        public let together: Estimate?
        /// The mean over those latents of the mean score of their parts, each on its own windows.
        public let apart: Estimate?
        /// The mean over those latents of the share of held-out windows that are in no part.
        public let inNoPart: Double?
    }

    /// The id of the explain node.
    public let node: String
    /// Latents explained.
    public let latents: Int
    /// Latents by the number of clusters of weight that their windows fall into.
    public let byClusters: [Int: Int]
    /// The share of latents with more than one; Wilson's interval.
    public let several: Estimate?
    /// The median of the effective numbers of meanings of those.
    public let median: Double?
    /// Parts that no explanation was found for.
    public let unexplained: Int
    /// Its scorers, by name.
    public let scorers: [Scorer]
    /// The explanations of latents of several meanings, those whose parts stand furthest apart first.
    public let explanations: [Explanation]
    /// By explanation: its scores, no controls.
    let scores: [JobID: [Score]]

    /// Summarises each node that tells meanings apart, by node.
    static func all(explanations: [Explanation], scores: [Score]) -> [MeaningSummary] {
        let own = Dictionary(grouping: explanations.filter { $0.parts != nil }, by: \.node)
        let scores = Dictionary(grouping: scores.filter { $0.control == nil }, by: \.explanation)
        return own.sorted { $0.key < $1.key }.map { MeaningSummary($0, $1, scores) }
    }

    private init(_ node: String, _ explanations: [Explanation], _ scores: [JobID: [Score]]) {
        self.node = node
        latents = explanations.count
        let parted = explanations.compactMap { explanation in
            explanation.parts.map { (explanation: explanation, parts: $0) }
        }
        byClusters = parted.reduce(into: [:]) { $0[$1.parts.clusters, default: 0] += 1 }
        let more = parted.filter { $0.parts.clusters > 1 }
        several = Wilson.interval(successes: more.count, of: parted.count)
        median = Quantiles(more.map(\.parts.meanings)).median
        unexplained = more.reduce(0) { $0 + max(0, $1.parts.clusters - $1.parts.parts.count) }
        self.explanations = more.sorted { left, right in
            let (a, b) = (left.parts.separation ?? 0, right.parts.separation ?? 0)
            return a != b ? a > b : left.explanation.latent < right.explanation.latent
        }.map(\.explanation)
        let theirs = self.explanations.flatMap { scores[$0.job] ?? [] }
        self.scores = Dictionary(grouping: theirs, by: \.explanation)
        scorers = Dictionary(grouping: theirs, by: \.node).sorted { $0.key < $1.key }.compactMap { node, scores in
            Scorer(node, scores)
        }
    }

    /// The scores of a part, by the node that gave them.
    func figures(of part: Int, in explanation: Explanation) -> [(node: String, figure: Estimate)] {
        (scores[explanation.job] ?? []).sorted { $0.node < $1.node }.compactMap { score in
            score.parts.first { $0.part == part }.map { (score.node, $0.figure) }
        }
    }
}

extension MeaningSummary.Scorer {
    fileprivate init?(_ node: String, _ scores: [Score]) {
        let parted = scores.map { (score: $0, parts: $0.parts.map(\.figure)) }.filter { !$0.parts.isEmpty }
        guard let first = parted.first?.score else { return nil }
        self.node = node
        method = first.method
        latents = parted.count
        parts = parted.reduce(0) { $0 + $1.parts.count }
        let range = ScoringMethods.ofScores(first.method).scale.range
        together = LatentMean.estimate(of: parted.compactMap(\.score.headline), range: range)
        apart = LatentMean.estimate(
            of: parted.map { _, parts in
                let mean = parts.reduce(0) { $0 + $1.value } / Double(parts.count)
                return Estimate(value: mean, lower: mean, upper: mean, count: parts.reduce(0) { $0 + $1.count })
            }, range: range)
        inNoPart = LatentMean.estimate(of: parted.compactMap(\.score.inNoPart))?.value
    }
}
