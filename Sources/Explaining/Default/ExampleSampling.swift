public import Elements
public import Inference

/// How the examples shown to an explainer are chosen.
public enum ExampleSampling: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Those with the largest peaks of all that were seen.
    case top
    /// A uniform choice.
    case random
    /// An equal number from each of some contiguous blocks of rank.
    case quantiles(Int)

    /// Reads `top`, `random` or `quantiles` (ten blocks); `nil` for anything else.
    public init?(_ word: String) {
        switch word {
        case "top": self = .top
        case "random": self = .random
        case "quantiles": self = .quantiles(10)
        default: return nil
        }
    }

    /// The word for it in the topology.
    public var description: String {
        switch self {
        case .top: "top"
        case .random: "random"
        case .quantiles: "quantiles"
        }
    }

    /// At most `count` train examples of a latent, each with its rank block (0 is strongest), strongest first.
    ///
    /// `top` takes from the windows kept for their peaks and, where those are too few, the strongest of the uniform
    /// sample; `random` and `quantiles` take from the uniform sample only.
    public func choose(_ count: Int, from evidence: LatentEvidence, seed: UInt64) -> [RankedExample] {
        switch self {
        case .top:
            let kept = Set(evidence.top.map(\.window.identity))
            let all = evidence.top + evidence.train.filter { !kept.contains($0.window.identity) }
            let ranked = RankBlocks(of: all, count: 1).blocks.flatMap(\.self)
            return ranked.prefix(max(count, 0)).map { RankedExample(example: $0, block: 0) }
        case .random:
            return RankBlocks(of: evidence.train, count: 1).choose(count, latent: evidence.latent, seed: seed)
        case .quantiles(let blocks):
            return RankBlocks(of: evidence.train, count: blocks).choose(count, latent: evidence.latent, seed: seed)
        }
    }
}
