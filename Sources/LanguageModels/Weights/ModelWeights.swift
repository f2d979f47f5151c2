internal import WeightFiles

/// A matrix and the bias added after its product, as their files have them.
struct StoredLinear: Sendable {
    let weight: StoredMatrix
    let bias: StoredVector?
}

/// The weights of a normalisation as their files have them: layer normalisation with a bias, root-mean-square without.
struct StoredNorm: Sendable {
    let weight: StoredVector
    let bias: StoredVector?
}

/// The weights of one block as their files have them, all shapes checked.
struct StoredBlock: Sendable {
    /// The norm of what the attention reads, if there is one.
    let attentionNorm: StoredNorm?
    /// Queries, keys and values one after the other: `[(heads + 2 · keyValueHeads) · headWidth, width]`.
    let queryKeyValue: StoredLinear
    /// The norm of each head's query, `[headWidth]`, or of all together, `[heads · headWidth]`, if there is one.
    var queryNorm: StoredVector?
    /// The norm of each head's key, `[headWidth]`, or of all together, `[keyValueHeads · headWidth]`, if there is one.
    var keyNorm: StoredVector?
    /// For each head a score that nothing answers to, `[heads]`, if there are such.
    var sinks: StoredVector?
    /// `[width, heads · headWidth]`.
    let attentionOutput: StoredLinear
    /// The norm between the attention's output and the residual stream, if there is one.
    var postAttentionNorm: StoredNorm?
    /// The norm of what the feed-forward layer reads, if there is one.
    let feedForwardNorm: StoredNorm?
    let feedForward: StoredFeedForward
    /// The norm between the feed-forward layer's output and the residual stream, if there is one.
    var postFeedForwardNorm: StoredNorm?
}

/// All weights of a model as their files have them, all shapes checked.
struct StoredWeights: Sendable {
    /// `[vocabulary, width]`.
    let embedding: Tensor
    /// The embeddings of positions that are added to those of tokens, `[maximumContext, width]`, if they are learned.
    var positions: Tensor?
    let blocks: [StoredBlock]
    let finalNorm: StoredNorm
    /// `[vocabulary, width]`; the embedding's tensor if the two are tied.
    let head: StoredMatrix
}
