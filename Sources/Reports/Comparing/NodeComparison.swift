public import Elements
import Interchange
import Scoring
import Statistics

/// Two nodes beside each other: how far their scores lie apart, and how well that is known.
public struct NodeComparison: Sendable {
    /// What the nodes differ in.
    public let kind: ComparisonKind
    /// The nodes.
    public let nodes: (a: String, b: String)
    /// What both have in common.
    public let common: String
    /// The methods of scoring, of which there are two if these are compared.
    public let methods: (a: String, b: String)
    /// The fields in which the nodes differ, with both values.
    public let differences: [String: [String]]
    /// The latents with a score by the first node and by the second, of which pairs are counted alike.
    public let latents: (a: Int, b: Int)
    /// The mean scores.
    package let means: (a: Double, b: Double)
    /// The first mean less the second, with its 95 % interval; `nil` if the two are figures of different kinds.
    public let difference: Estimate?
    /// What is known by taking the latents one by one; `nil` for coders, whose latents are not the same.
    let paired: PairedDifference?
    /// The standard error for latents drawn apart; `nil` for fewer than two.
    let unpairedError: Double?
    /// Whether documents are resampled too.
    let resamplesDocuments: Bool
    /// Latents by what is known of the windows; empty for coders.
    let windows: [WindowBasis: Int]
    /// The latents one by one, those first that differ most; empty for coders, whose latents are not the same.
    package let points: [ComparedPoint]

    /// Compares two lists of scores; `nil` if there is no latent to compare by.
    ///
    /// - Parameter verdicts: What a judge said in a job; `nil` if it was not kept.
    init?(_ pair: ComparedPair, verdicts: (JobID) throws -> KeptVerdicts?) rethrows {
        let scale = ScoringMethods.ofScores(pair.a.method).scale
        let isOfOneFigure = scale.figure == ScoringMethods.ofScores(pair.b.method).scale.figure
        kind = pair.kind
        nodes = pair.nodes
        common = pair.common
        methods = (pair.a.method, pair.b.method)
        differences = pair.differences
        if pair.kind == .coders {
            let isFirst = pair.a.coder < pair.b.coder
            let (ofA, ofB) = (pair.a.scores.compactMap(LatentValue.init), pair.b.scores.compactMap(LatentValue.init))
            guard
                let unpaired = UnpairedDifference(
                    LatentGroup(ofA, seed: isFirst ? 1 : 2), LatentGroup(ofB, seed: isFirst ? 2 : 1), range: scale.range
                )
            else { return nil }
            latents = (ofA.count, ofB.count)
            means = (unpaired.meanOfA, unpaired.meanOfB)
            difference = unpaired.difference
            unpairedError = unpaired.error
            resamplesDocuments = unpaired.resamplesDocuments
            paired = nil
            windows = [:]
            points = []
            return
        }
        let scores = try pair.compared(verdicts: verdicts)
        guard let paired = PairedDifference(of: scores.map(\.paired), range: scale.range) else { return nil }
        latents = (scores.count, scores.count)
        means = (paired.meanOfA, paired.meanOfB)
        difference = isOfOneFigure ? paired.difference : nil
        unpairedError = paired.unpairedError
        resamplesDocuments = paired.resamplesDocuments
        windows = scores.reduce(into: [:]) { $0[$1.basis, default: 0] += 1 }
        self.paired = paired
        points = scores.map(ComparedPoint.init).sorted { ($1.distance, $0.latent) < ($0.distance, $1.latent) }
    }

    /// The latents at which the first node is above, level with and below the second; `nil` if that cannot be said.
    package var outcomes: (wins: Int, ties: Int, losses: Int)? {
        difference == nil ? nil : paired.map { ($0.outcomes.wins, $0.outcomes.ties, $0.outcomes.losses) }
    }

    /// The correlation of ranks over latents; `nil` for coders, and where there is none.
    package var spearman: Double? { paired?.spearman }

    /// The basis of the interval, in words.
    package var intervalBasis: String {
        if kind == .coders {
            return resamplesDocuments
                ? "resampling each coder's latents by themselves, and documents together"
                : "resampling each coder's latents by themselves; documents are not resampled"
        }
        return resamplesDocuments
            ? "resampling latents and documents" : "resampling latents; documents are not resampled"
    }
}
