internal import JSONText
internal import WeightFiles

/// BERT: learned positions, attention to all tokens, layer norms after the modules.
///
/// It is an encoder, so no `LanguageModel` is made of it. In its blocks `attentionNorm` and `feedForwardNorm` come
/// after the modules, and `finalNorm` is that of the embeddings. Source: Devlin et al., arXiv 1810.04805.
enum BERT: Architecture {
    static let names = ["bert"]
    /// The heads of models that were trained for something else, and positions counted from 0.
    static let ignoredTensors = [
        "position_ids", "pooler.dense.weight", "pooler.dense.bias", "token_type_embeddings.weight",
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(
            files, name: name, embedding: prefix(files) + "embeddings.word_embeddings.weight",
            SizeSettings(normEpsilon: .layerNormEpsilon))
        if case .huggingFace(let settings, _) = files.settings,
            let kind = settings["position_embedding_type"]?.string, kind != "absolute"
        {
            throw .unsupported(feature: "the position embedding \(kind)", file: files.settingsFile)
        }
        configuration.isGated = false
        configuration.isCausal = false
        configuration.activation = try files.activation(["hidden_act"], otherwise: .gelu)
        return configuration
    }

    /// The prefix of the names of tensors; folders of the bare model leave it out.
    private static func prefix(_ files: ModelFiles) -> String {
        files.tensors["bert.embeddings.word_embeddings.weight"] == nil ? "" : "bert."
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let prefix = prefix(files) + "embeddings."
        let width = configuration.width
        let embedding = try files.tensor(
            prefix + "word_embeddings.weight", shape: [configuration.vocabulary, width])
        var blocks: [StoredBlock] = []
        for index in 0..<configuration.blocks { blocks.append(try block(index, in: files, configuration)) }
        return StoredWeights(
            embedding: embedding,
            positions: try files.tensor(
                prefix + "position_embeddings.weight", shape: [configuration.maximumContext, width]),
            blocks: blocks, finalNorm: try norm(prefix + "LayerNorm", in: files, width: width),
            head: StoredMatrix(embedding))
    }

    /// The embeddings of a text's first and second part, `[parts, width]`.
    static func partEmbeddings(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> Tensor {
        let parts = SettingName(gguf: "token_type_count", huggingFace: "type_vocab_size")
        let count = try files.integer(parts, in: 1...1024) ?? 2
        return try files.tensor(
            prefix(files) + "embeddings.token_type_embeddings.weight", shape: [count, configuration.width])
    }

    private static func norm(_ name: String, in files: ModelFiles, width: Int) throws(ModelError) -> StoredNorm {
        StoredNorm(
            weight: StoredVector(try files.tensor(name + ".weight", shape: [width])),
            bias: StoredVector(try files.tensor(name + ".bias", shape: [width])))
    }

    /// Matrices of one shape whose rows follow one another, with their biases.
    private static func layer(
        _ names: [String], in files: ModelFiles, rows: Int, columns: Int
    ) throws(ModelError) -> StoredLinear {
        var weights: [StoredMatrix.Part] = []
        var biases: [StoredMatrix.Part] = []
        for name in names {
            weights.append(.init(tensor: try files.tensor(name + ".weight", shape: [rows, columns])))
            biases.append(.init(tensor: try files.tensor(name + ".bias", shape: [rows])))
        }
        return StoredLinear(weight: StoredMatrix(weights), bias: StoredVector(biases))
    }

    private static func block(
        _ index: Int, in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredBlock {
        let prefix = prefix(files) + "encoder.layer.\(index)."
        let width = configuration.width
        let hidden = configuration.feedForwardWidth
        return StoredBlock(
            attentionNorm: try norm(prefix + "attention.output.LayerNorm", in: files, width: width),
            queryKeyValue: try layer(
                ["query", "key", "value"].map { prefix + "attention.self." + $0 }, in: files,
                rows: configuration.queryWidth, columns: width),
            attentionOutput: try layer(
                [prefix + "attention.output.dense"], in: files, rows: width, columns: configuration.queryWidth),
            feedForwardNorm: try norm(prefix + "output.LayerNorm", in: files, width: width),
            feedForward: .dense(
                StoredFeedForwardLayer(
                    gateAndUp: try layer([prefix + "intermediate.dense"], in: files, rows: hidden, columns: width),
                    down: try layer([prefix + "output.dense"], in: files, rows: width, columns: hidden))))
    }
}
