internal import WeightFiles

/// The weights that GPT-2 and GPT-NeoX share: layer norms, one matrix of queries, keys and values, biases everywhere, a feed-forward
/// layer without a gate.
struct LayerNormDecoder {
    /// The names of the tensors in a Hugging Face folder, without `weight` and `bias`.
    struct Names {
        let embedding, finalNorm, head: String
        /// The prefix of the names of a block, up to its index.
        let block: String
        let attentionNorm, queryKeyValue, attentionOutput, feedForwardNorm, up, down: String

        /// The names in GGUF files.
        static let gguf = Names(
            embedding: "token_embd", finalNorm: "output_norm", head: "output", block: "blk.",
            attentionNorm: "attn_norm", queryKeyValue: "attn_qkv", attentionOutput: "attn_output",
            feedForwardNorm: "ffn_norm", up: "ffn_up", down: "ffn_down")
    }

    let files: ModelFiles
    let configuration: ModelConfiguration
    let names: Names
    /// How the rows of the matrix of queries, keys and values and of its bias are ordered.
    var headOrder = RowOrder.asUsed
    /// Whether matrices are stored transposed.
    var isTransposed = false

    /// All weights; throws if one is missing or of another shape than the configuration says.
    func weights(positions: Tensor? = nil) throws(ModelError) -> StoredWeights {
        let embedding = try files.tensor(
            names.embedding + ".weight", shape: [configuration.vocabulary, configuration.width])
        var blocks: [StoredBlock] = []
        for index in 0..<configuration.blocks { blocks.append(try block(index)) }
        return StoredWeights(
            embedding: embedding, positions: positions, blocks: blocks, finalNorm: try norm(names.finalNorm),
            head: StoredMatrix(try files.head(names.head + ".weight", tiedTo: embedding)))
    }

    private func norm(_ name: String) throws(ModelError) -> StoredNorm {
        let shape = [configuration.width]
        return StoredNorm(
            weight: StoredVector(try files.tensor(name + ".weight", shape: shape)),
            bias: StoredVector(try files.tensor(name + ".bias", shape: shape)))
    }

    private func layer(
        _ name: String, rows: Int, columns: Int, order: RowOrder = .asUsed
    ) throws(ModelError) -> StoredLinear {
        let weight = try files.tensor(name + ".weight", shape: isTransposed ? [columns, rows] : [rows, columns])
        let bias = StoredMatrix.Part(tensor: try files.tensor(name + ".bias", shape: [rows]), order: order)
        return StoredLinear(
            weight: StoredMatrix(weight, order: isTransposed ? .transposed : order), bias: StoredVector([bias]))
    }

    private func block(_ index: Int) throws(ModelError) -> StoredBlock {
        let prefix = "\(names.block)\(index)."
        let width = configuration.width
        let hidden = configuration.feedForwardWidth
        return StoredBlock(
            attentionNorm: try norm(prefix + names.attentionNorm),
            queryKeyValue: try layer(
                prefix + names.queryKeyValue, rows: configuration.joinedWidth, columns: width, order: headOrder),
            attentionOutput: try layer(
                prefix + names.attentionOutput, rows: width, columns: configuration.queryWidth),
            feedForwardNorm: try norm(prefix + names.feedForwardNorm),
            feedForward: .dense(
                StoredFeedForwardLayer(
                    gateAndUp: try layer(prefix + names.up, rows: hidden, columns: width),
                    down: try layer(prefix + names.down, rows: width, columns: hidden))))
    }
}
