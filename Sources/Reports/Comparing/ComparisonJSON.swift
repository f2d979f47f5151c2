import Elements
import JSONText
import Statistics

/// Comparisons as one JSON object.
public enum ComparisonJSON {
    private struct Object: Encodable {
        let v = 1
        let comparisons: [ComparisonFigures]
    }

    /// The object's text, keys in order; with every latent's two scores if `hasLatents`.
    public static func text(_ comparisons: [NodeComparison], hasLatents: Bool = false) throws -> String {
        let object = Object(comparisons: comparisons.map { ComparisonFigures($0, hasLatents: hasLatents) })
        return try SortedJSON.text(of: object)
    }
}

/// A comparison in JSON.
struct ComparisonFigures: Encodable {
    struct Outcomes: Encodable {
        let wins: Int
        let ties: Int
        let losses: Int
    }

    let kind: String
    let a: String
    let b: String
    let common: String
    let method_a: String
    let method_b: String
    let differ_by: [String: [String]]
    let latents_a: Int
    let latents_b: Int
    let paired: Bool
    let mean_a: Double
    let mean_b: Double
    let difference: Double?
    let interval: [Double]?
    let interval_rests_on: String?
    let told: Bool?
    let outcomes: Outcomes?
    let paired_error: Double?
    let unpaired_error: Double?
    /// Further latents that it takes; without it none are enough, or there is nothing to tell.
    let more_latents: Int?
    let needs_more_documents: Bool?
    let spearman: Double?
    let pearson: Double?
    let windows: [String: Int]
    /// Every latent, if it was asked for.
    let points: [Point]?

    struct Point: Encodable {
        let coder: String
        let latent: Int
        let a: Double
        let b: Double
        let text_a: String
        let text_b: String

        init(_ point: ComparedPoint) {
            (coder, latent) = (point.coder, point.latent)
            (a, b) = (point.a.value, point.b.value)
            (text_a, text_b) = (point.a.text, point.b.text)
        }
    }

    init(_ comparison: NodeComparison, hasLatents: Bool = false) {
        let (paired, difference) = (comparison.paired, comparison.difference)
        kind = comparison.kind.rawValue
        (a, b) = comparison.nodes
        common = comparison.common
        (method_a, method_b) = comparison.methods
        differ_by = comparison.differences
        (latents_a, latents_b) = comparison.latents
        self.paired = paired != nil
        (mean_a, mean_b) = comparison.means
        self.difference = difference?.value
        interval = difference.map { [$0.lower, $0.upper] }
        interval_rests_on = difference.map { _ in comparison.intervalBasis }
        told = difference?.isTold
        outcomes = difference.flatMap { _ in paired?.outcomes }
            .map { Outcomes(wins: $0.wins, ties: $0.ties, losses: $0.losses) }
        paired_error = difference.flatMap { _ in paired?.pairedError }
        unpaired_error = difference.flatMap { _ in comparison.unpairedError }
        let needed = difference.flatMap { _ in paired?.needed }
        more_latents = difference?.isTold == true ? 0 : needed?.more(than: comparison.latents.a)
        needs_more_documents = needed.map { difference?.isTold != true && $0 == .moreDocuments }
        spearman = paired?.spearman
        pearson = paired?.pearson
        windows = Dictionary(comparison.windows.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
        points = hasLatents ? comparison.points.map(Point.init) : nil
    }
}
