public import LanguageModels

/// How many floating point operations a model's matrix products take, an addition and a multiplication counted as two.
///
/// Only the products are counted: linear layers, and in attention those of queries with keys and of weights with values, each query with
/// itself and the keys before it.
public struct ModelWork: Sendable, Hashable {
    /// The parameters of one block's matrices.
    public let blockParameters: Int
    /// The parameters of the matrix that makes logits.
    public let headParameters: Int
    /// The number of blocks.
    public let blocks: Int
    /// The width of the queries of all heads together.
    public let queryWidth: Int
    /// The width of the residual stream.
    public let width: Int

    /// The architectures whose feed-forward layer has no gate.
    private static let ungated: Set<String> = ["gpt2", "gptneox", "gpt_neox"]

    /// Counts a model's work.
    public init(_ model: ModelConfiguration) {
        self.init(
            width: model.width, blocks: model.blocks, heads: model.heads, keyValueHeads: model.keyValueHeads,
            headWidth: model.headWidth, feedForwardWidth: model.usedFeedForwardWidth,
            isGated: !Self.ungated.contains(model.architecture), vocabulary: model.vocabulary)
    }

    init(
        width: Int, blocks: Int, heads: Int, keyValueHeads: Int, headWidth: Int, feedForwardWidth: Int, isGated: Bool,
        vocabulary: Int
    ) {
        let joined = (heads + 2 * keyValueHeads) * headWidth
        queryWidth = heads * headWidth
        blockParameters = width * (joined + queryWidth + (isGated ? 3 : 2) * feedForwardWidth)
        headParameters = vocabulary * width
        self.blocks = blocks
        self.width = width
    }

    /// The operations of a token's way through some blocks, on average over a context of a length.
    public func perToken(blocks: Int, context: Int) -> Double {
        // A query sees (context + 1) / 2 keys on average, and each takes a product as wide as the queries, twice.
        let attention = 2 * Double(queryWidth) * Double(context + 1)
        return Double(blocks) * (2 * Double(blockParameters) + attention)
    }

    /// The operations of encoding one row by a sparse coder.
    public static func encoding(width: Int, latents: Int) -> Double { 2 * Double(width) * Double(latents) }

    /// The operations of a token that is decoded after some others, its logits included.
    public func decoding(after length: Int) -> Double {
        Double(blocks) * (2 * Double(blockParameters) + 4 * Double(queryWidth) * Double(length + 1))
            + 2 * Double(headParameters)
    }
}
