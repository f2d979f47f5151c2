public import Elements
public import Examples
import Hashing

/// How the examples shown to an explainer are chosen.
public enum ExampleSampling: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Those with the largest peaks of all that were seen.
    case top
    /// A uniform choice.
    case random
    /// An equal number from each of some contiguous blocks of rank.
    case quantiles(Int)
    /// A fifth with the largest peaks of all, the others as by `quantiles` of some blocks.
    case mix(Int)

    /// Reads `top`, `random`, `quantiles` or `mix` (ten blocks); `nil` for anything else.
    public init?(_ word: String) {
        switch word {
        case "top": self = .top
        case "random": self = .random
        case "quantiles": self = .quantiles(10)
        case "mix": self = .mix(10)
        default: return nil
        }
    }

    /// The word for it in the topology.
    public var description: String {
        switch self {
        case .top: "top"
        case .random: "random"
        case .quantiles: "quantiles"
        case .mix: "mix"
        }
    }

    /// At most `count` train examples of a latent, each with its rank block (0 is strongest), strongest first.
    ///
    /// `top` takes from the windows kept for their peaks and, if those are too few, the strongest of the uniform
    /// sample; `random` and `quantiles` take from the uniform sample only; `mix` takes `floor(count / 5)` as `top` does
    /// (block 0) and the others, as `quantiles` does, from what is left of the uniform sample. No window is taken twice.
    public func choose(_ count: Int, from evidence: LatentEvidence, seed: UInt64) -> [RankedExample] {
        switch self {
        case .top: return Self.strongest(count, of: evidence)
        case .random:
            return RankBlocks(of: Self.distinct(evidence.train), count: 1)
                .choose(count, latent: evidence.latent, seed: seed)
        case .quantiles(let blocks):
            return RankBlocks(of: Self.distinct(evidence.train), count: blocks)
                .choose(count, latent: evidence.latent, seed: seed)
        case .mix(let blocks):
            let top = Self.strongest(max(count, 0) / 5, of: evidence)
            let taken = Set(top.map(\.example.window.identity))
            let rest = Self.distinct(evidence.train).filter { !taken.contains($0.window.identity) }
            let others = RankBlocks(of: rest, count: blocks)
                .choose(count - top.count, latent: evidence.latent, seed: seed)
            return top + others
        }
    }

    private static func strongest(_ count: Int, of evidence: LatentEvidence) -> [RankedExample] {
        RankBlocks(of: distinct(evidence.top + evidence.train), count: 1).blocks.flatMap(\.self)
            .prefix(max(count, 0)).map { RankedExample(example: $0, block: 0) }
    }

    /// Each window once, as it first comes.
    private static func distinct(_ examples: [Example]) -> [Example] {
        var seen: Set<Hash128> = []
        return examples.filter { seen.insert($0.window.identity).inserted }
    }
}
