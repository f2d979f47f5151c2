internal import WeightFiles

/// The weights of one block as their files have them, all shapes checked.
struct StoredBlock: Sendable {
    let attentionNorm: StoredMatrix
    /// Queries, keys and values one after the other: `[(heads + 2 · keyValueHeads) · headWidth, width]`.
    let queryKeyValue: StoredMatrix
    /// `[width, heads · headWidth]`.
    let attentionOutput: StoredMatrix
    let feedForwardNorm: StoredMatrix
    /// The gate, then what it multiplies: `[2 · feedForwardWidth, width]`.
    let gateAndUp: StoredMatrix
    /// `[width, feedForwardWidth]`.
    let down: StoredMatrix
}

/// All weights of a model as their files have them, all shapes checked.
struct StoredWeights: Sendable {
    /// `[vocabulary, width]`.
    let embedding: Tensor
    let blocks: [StoredBlock]
    let finalNorm: StoredMatrix
    /// `[vocabulary, width]`; the embedding's tensor where the two are tied.
    let head: StoredMatrix
}

/// The weights of one block, expanded to floats.
struct Block: Sendable {
    let attentionNorm: WeightMatrix
    let queryKeyValue: WeightMatrix
    let attentionOutput: WeightMatrix
    let feedForwardNorm: WeightMatrix
    let gateAndUp: WeightMatrix
    let down: WeightMatrix

    init(_ stored: StoredBlock) throws(ModelError) {
        attentionNorm = try WeightMatrix(stored.attentionNorm)
        queryKeyValue = try WeightMatrix(stored.queryKeyValue)
        attentionOutput = try WeightMatrix(stored.attentionOutput)
        feedForwardNorm = try WeightMatrix(stored.feedForwardNorm)
        gateAndUp = try WeightMatrix(stored.gateAndUp)
        down = try WeightMatrix(stored.down)
    }
}
