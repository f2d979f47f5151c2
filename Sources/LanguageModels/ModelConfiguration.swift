internal import LinearAlgebra

/// The sizes and settings of a model.
public struct ModelConfiguration: Sendable, Hashable {
    /// The architecture's name, such as `llama`.
    public let architecture: String
    /// The width of the residual stream.
    public let width: Int
    /// The number of transformer blocks.
    public let blocks: Int
    /// The number of query heads.
    public let heads: Int
    /// The number of key and value heads; a divisor of `heads`.
    public let keyValueHeads: Int
    /// The width of one head.
    public let headWidth: Int
    /// The width of the feed-forward layer.
    public let feedForwardWidth: Int
    /// The number of token ids.
    public let vocabulary: Int
    /// The most tokens that a context may have.
    public private(set) var maximumContext: Int
    /// The epsilon of the normalisations.
    public let normEpsilon: Float
    /// How positions are told to the heads; `nil` if they have learned embeddings instead.
    public internal(set) var rope: RotaryEmbedding? {
        didSet { maximumContext = min(maximumContext, rope?.maximumContext ?? .max) }
    }

    /// How many experts blocks have that have some; `nil` if none has.
    var experts: ExpertSettings?
    /// The blocks whose attention sees the last tokens only, if there are any.
    var localAttention: LocalAttention?
    /// The factor of a query's product with a key.
    var attentionScale: Float
    /// The bound that attention scores are kept within smoothly, if there is one.
    var attentionCap: Float?
    /// The bound that logits are kept within smoothly, if there is one.
    var logitCap: Float?
    /// The factor of the embeddings of tokens.
    var embeddingScale: Float = 1
    /// The function between the two products of the feed-forward layer.
    var activation = Activation.silu
    /// Whether the feed-forward layer multiplies the function's values by those of a second product.
    var isGated = true
    /// Whether attention and feed-forward layer both read the residual stream before the block.
    var isParallel = false
    /// Whether tokens see no later ones.
    var isCausal = true

    /// The values between the two products of the feed-forward layer that are computed for one token.
    public var usedFeedForwardWidth: Int { experts.map { $0.chosen * $0.width } ?? feedForwardWidth }
    /// The width of all query heads together.
    var queryWidth: Int { heads * headWidth }
    /// The width of all key heads, or of all value heads, together.
    var keyValueWidth: Int { keyValueHeads * headWidth }
    /// The width of queries, keys and values together.
    var joinedWidth: Int { queryWidth + 2 * keyValueWidth }
    /// The width of what the feed-forward layer's function is given.
    var gateAndUpWidth: Int { isGated ? 2 * feedForwardWidth : feedForwardWidth }

    /// The width of the activations at a place within a block: `feedForwardWidth` for neurons, else `width`.
    public func width(at site: Hookpoint.Site) -> Int {
        switch site {
        case .neurons: feedForwardWidth
        case .heads: queryWidth
        default: width
        }
    }

    /// Probes how contexts may be batched so that a token's activations do not depend on its neighbours.
    func batchMode() -> BatchMode {
        let expertShapes = experts.map { [($0.count, width), (2 * $0.width, width), (width, $0.width)] } ?? []
        return BatchIndependence.probe(
            shapes: [
                (joinedWidth, width), (width, queryWidth), (gateAndUpWidth, width), (width, feedForwardWidth),
            ] + expertShapes)
    }

    /// How many tokens a query of a block sees at most, its own included.
    func window(block: Int) -> Int {
        guard let localAttention, localAttention.isLocal[block] else { return .max }
        return localAttention.window
    }
}

/// Attention that sees the last tokens only, in some blocks or all.
struct LocalAttention: Sendable, Hashable {
    /// How many tokens a query sees at most, its own included.
    let window: Int
    /// For each block whether its attention is of this kind.
    let isLocal: [Bool]
    /// The rotary embedding of these blocks.
    let rope: RotaryEmbedding?
}

/// The function between the two products of a feed-forward layer.
enum Activation: Sendable, Hashable {
    /// `x / (1 + exp(-x))`.
    case silu
    /// `x · Φ(x)`, by the formula with tanh.
    case geluTanh
    /// `x · Φ(x)`.
    case gelu
    /// `x / (1 + exp(-slope · x))` of `x` up to a limit, by which what is gated, within the limit, is multiplied after 1 is added.
    case clamped(slope: Float, limit: Float)
}
