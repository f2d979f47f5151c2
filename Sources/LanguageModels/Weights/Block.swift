/// A matrix and the bias added after its product, expanded to floats.
struct LinearLayer: Sendable {
    let weight: WeightMatrix
    let bias: WeightVector?

    init(_ stored: StoredLinear, keepsFloats: Bool = true) throws(ModelError) {
        weight = try WeightMatrix(stored.weight, keepsFloats: keepsFloats)
        bias = try WeightVector(stored.bias)
    }
}

/// The weights of a normalisation, expanded to floats: layer normalisation with a bias, root-mean-square without.
struct Norm: Sendable {
    let weight: WeightVector
    let bias: WeightVector?

    init(_ stored: StoredNorm) throws(ModelError) {
        weight = try WeightVector(stored.weight)
        bias = try WeightVector(stored.bias)
    }

    init?(_ stored: StoredNorm?) throws(ModelError) {
        guard let stored else { return nil }
        try self.init(stored)
    }
}

/// The weights of one block, expanded to floats.
struct Block: Sendable {
    let attentionNorm: Norm?
    let queryKeyValue: LinearLayer
    let queryNorm: WeightVector?
    let keyNorm: WeightVector?
    let sinks: WeightVector?
    let attentionOutput: LinearLayer
    let postAttentionNorm: Norm?
    let feedForwardNorm: Norm?
    let feedForward: FeedForward
    let postFeedForwardNorm: Norm?

    init(_ stored: StoredBlock) throws(ModelError) {
        attentionNorm = try Norm(stored.attentionNorm)
        queryKeyValue = try LinearLayer(stored.queryKeyValue)
        queryNorm = try WeightVector(stored.queryNorm)
        keyNorm = try WeightVector(stored.keyNorm)
        sinks = try WeightVector(stored.sinks)
        attentionOutput = try LinearLayer(stored.attentionOutput)
        postAttentionNorm = try Norm(stored.postAttentionNorm)
        feedForwardNorm = try Norm(stored.feedForwardNorm)
        feedForward = try FeedForward(stored.feedForward)
        postFeedForwardNorm = try Norm(stored.postFeedForwardNorm)
    }
}
