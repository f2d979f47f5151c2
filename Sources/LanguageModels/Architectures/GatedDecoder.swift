internal import WeightFiles

/// The weights that Llama and its descendants share, and the names of their tensors in both kinds of files.
///
/// Norms before attention and feed-forward layer or after them, a gated feed-forward layer.
struct GatedDecoder {
    /// Which queries and keys are normalised together.
    enum HeadNorms: Sendable {
        case none
        /// Each head's query, and each head's key.
        case each
        /// All queries of a token, and all its keys.
        case joined
    }

    let files: ModelFiles
    let configuration: ModelConfiguration
    /// How query and key rows are ordered.
    var order = RowOrder.asUsed
    /// Whether queries, keys and values have biases.
    var hasQueryKeyValueBiases = false
    /// Whether the attention's output has a bias.
    var hasOutputBias = false
    /// Whether the matrices of the feed-forward layer have biases.
    var hasFeedForwardBiases = false
    /// Which queries and keys are normalised.
    var headNorms = HeadNorms.none
    /// Whether queries, keys and values are one matrix, and the two that the feed-forward layer begins with another.
    var isJoined = false
    /// Whether there are norms before attention and feed-forward layer.
    var hasPreNorms = true
    /// Whether there are norms after attention and feed-forward layer.
    var hasPostNorms = false
    /// Which blocks have experts in the place of their feed-forward layer, and how these are stored.
    var experts = ExpertTensors.none
    /// The norm before the feed-forward layer, by the name that files give it.
    var feedForwardNorm = GatedDecoderTensor.feedForwardNorm
    /// Whether the heads have sinks.
    var hasSinks = false
    /// The offset added to the weights of norms.
    var normAddend: Float = 0

    /// The name of the embedding.
    static func embedding(_ files: ModelFiles) -> String {
        files.format == .gguf ? "token_embd.weight" : prefix(files) + "embed_tokens.weight"
    }

    /// The prefix of the names of a Hugging Face folder; folders of the bare model, without its head, leave it out, and in
    /// those of models that read images too it says that this is the text's part.
    static func prefix(_ files: ModelFiles) -> String {
        let prefixes = ["", "language_model.model.", "model.language_model.", "language_model."]
        return prefixes.first { files.tensors[$0 + "embed_tokens.weight"] != nil } ?? "model."
    }

    /// The name of the matrix that makes logits.
    private var head: String {
        if files.format == .gguf { return "output.weight" }
        return Self.prefix(files) == "language_model.model." ? "language_model.lm_head.weight" : "lm_head.weight"
    }

    /// All weights; throws if one is missing or of another shape than the configuration says.
    func weights() throws(ModelError) -> StoredWeights {
        let isGGUF = files.format == .gguf
        let width = configuration.width
        let embedding = try files.tensor(Self.embedding(files), shape: [configuration.vocabulary, width])
        var blocks: [StoredBlock] = []
        for index in 0..<configuration.blocks { blocks.append(try block(index)) }
        let finalNorm = try files.tensor(
            isGGUF ? "output_norm.weight" : Self.prefix(files) + "norm.weight", shape: [width])
        return StoredWeights(
            embedding: embedding, blocks: blocks,
            finalNorm: StoredNorm(weight: StoredVector(finalNorm, adding: normAddend), bias: nil),
            head: StoredMatrix(try files.head(head, tiedTo: embedding)))
    }

    /// A tensor of a block.
    func tensor(
        _ name: GatedDecoderTensor, _ kind: String = "weight", block: Int, _ shape: [Int]
    ) throws(ModelError) -> Tensor {
        let full =
            files.format == .gguf
            ? "blk.\(block).\(name.gguf).\(kind)"
            : "\(Self.prefix(files))layers.\(block).\(name.huggingFace(hasPostNorms: hasPostNorms)).\(kind)"
        return try files.tensor(full, shape: shape)
    }

    private func norm(_ name: GatedDecoderTensor, block: Int) throws(ModelError) -> StoredNorm {
        let weight = try tensor(name, block: block, [configuration.width])
        return StoredNorm(weight: StoredVector(weight, adding: normAddend), bias: nil)
    }

    private func sinks(block: Int) throws(ModelError) -> Tensor {
        let name =
            files.format == .gguf
            ? "blk.\(block).attn_sinks.weight" : "\(Self.prefix(files))layers.\(block).self_attn.sinks"
        return try files.tensor(name, shape: [configuration.heads])
    }

    private func headNorm(
        _ name: GatedDecoderTensor, block: Int, allHeads: Int
    ) throws(ModelError) -> StoredVector? {
        let width: Int
        switch headNorms {
        case .none: return nil
        case .each: width = configuration.headWidth
        case .joined: width = allHeads
        }
        return StoredVector(try tensor(name, block: block, [width]), adding: normAddend)
    }

    /// Matrices whose rows follow one another, with their biases.
    private func layer(
        _ parts: [(GatedDecoderTensor, rows: Int, RowOrder)], columns: Int, block: Int, hasBiases: Bool
    ) throws(ModelError) -> StoredLinear {
        var weights: [StoredMatrix.Part] = []
        var biases: [StoredMatrix.Part] = []
        for (name, rows, order) in parts {
            weights.append(.init(tensor: try tensor(name, block: block, [rows, columns]), order: order))
            guard hasBiases else { continue }
            biases.append(.init(tensor: try tensor(name, "bias", block: block, [rows]), order: order))
        }
        return StoredLinear(weight: StoredMatrix(weights), bias: hasBiases ? StoredVector(biases) : nil)
    }

    private func feedForward(_ index: Int) throws(ModelError) -> StoredFeedForward {
        if let experts = try expertLayers(block: index) { return experts }
        let (width, hidden) = (configuration.width, configuration.feedForwardWidth)
        return .dense(
            StoredFeedForwardLayer(
                gateAndUp: try layer(
                    isJoined
                        ? [(.gateAndUp, 2 * hidden, .asUsed)] : [(.gate, hidden, .asUsed), (.up, hidden, .asUsed)],
                    columns: width, block: index, hasBiases: hasFeedForwardBiases),
                down: try layer(
                    [(.down, width, .asUsed)], columns: hidden, block: index, hasBiases: hasFeedForwardBiases)))
    }

    private func block(_ index: Int) throws(ModelError) -> StoredBlock {
        let width = configuration.width
        return StoredBlock(
            attentionNorm: hasPreNorms ? try norm(.attentionNorm, block: index) : nil,
            queryKeyValue: try layer(
                isJoined
                    ? [(.queryKeyValue, configuration.joinedWidth, .asUsed)]
                    : [
                        (.query, configuration.queryWidth, order), (.key, configuration.keyValueWidth, order),
                        (.value, configuration.keyValueWidth, .asUsed),
                    ], columns: width, block: index, hasBiases: hasQueryKeyValueBiases),
            queryNorm: try headNorm(.queryNorm, block: index, allHeads: configuration.queryWidth),
            keyNorm: try headNorm(.keyNorm, block: index, allHeads: configuration.keyValueWidth),
            sinks: try hasSinks ? StoredVector(sinks(block: index)) : nil,
            attentionOutput: try layer(
                [(.attentionOutput, width, .asUsed)], columns: configuration.queryWidth, block: index,
                hasBiases: hasOutputBias),
            postAttentionNorm: hasPostNorms ? try norm(.postAttentionNorm, block: index) : nil,
            feedForwardNorm: hasPreNorms ? try norm(feedForwardNorm, block: index) : nil,
            feedForward: try feedForward(index),
            postFeedForwardNorm: hasPostNorms ? try norm(.postFeedForwardNorm, block: index) : nil)
    }
}

extension ModelFiles {
    /// The matrix that makes logits: one of its own, or the embedding's if the two are tied.
    func head(_ name: String, tiedTo embedding: Tensor) throws(ModelError) -> Tensor {
        let isTied = try flag("tie_word_embeddings") ?? (tensors[name] == nil)
        return isTied ? embedding : try tensor(name, shape: embedding.shape)
    }
}
