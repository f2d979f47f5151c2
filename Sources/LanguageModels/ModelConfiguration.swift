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
    public let maximumContext: Int
    /// The epsilon of the normalisations.
    public let normEpsilon: Float
    /// How positions are told to the heads.
    public let rope: RotaryEmbedding

    /// The width of all query heads together.
    var queryWidth: Int { heads * headWidth }
    /// The width of all key heads, or of all value heads, together.
    var keyValueWidth: Int { keyValueHeads * headWidth }
    /// The width of queries, keys and values together.
    var joinedWidth: Int { queryWidth + 2 * keyValueWidth }
}
