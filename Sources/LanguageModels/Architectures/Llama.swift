internal import WeightFiles

/// Llama and all models of its shape: root-mean-square norms, rotary positions, grouped heads, a SiLU-gated feed-forward
/// layer, no biases.
///
/// Source: Touvron et al., arXiv 2302.13971; Grattafiori et al., arXiv 2407.21783.
enum Llama: Architecture {
    static let name = "llama"

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        try checkSupported(files)
        let sizes = 1...(1 << 24)
        let width = try files.required(.width, try files.integer(.width, in: sizes))
        let heads = try files.required(.heads, try files.integer(.heads, in: sizes))
        let keyValueHeads = try files.integer(.keyValueHeads, in: sizes) ?? heads
        guard heads % keyValueHeads == 0 else {
            throw files.failure(
                files.name(of: .keyValueHeads), found: "\(keyValueHeads)", expected: "a divisor of \(heads)")
        }
        let headWidth = try files.integer(.headWidth, in: sizes) ?? width / heads
        guard headWidth > 0, headWidth % 2 == 0 else {
            throw files.failure(
                files.name(of: .headWidth), found: "\(headWidth)", expected: "an even number above 0")
        }
        let epsilon = try files.required(.normEpsilon, try files.number(.normEpsilon))
        guard epsilon > 0, epsilon < 1 else {
            throw files.failure(files.name(of: .normEpsilon), found: "\(epsilon)", expected: "a number from 0 to 1")
        }
        let names = LlamaTensorNames(format: files.format)
        guard let embedding = files.tensors[names.embedding] else {
            throw .missingTensor(name: names.embedding, file: files.path)
        }
        let feedForwardWidth = try files.required(.feedForwardWidth, try files.integer(.feedForwardWidth, in: sizes))
        let vocabulary = embedding.shape.first ?? 0
        for product in [heads * headWidth, vocabulary] where product > sizes.upperBound {
            throw .unsupported(feature: "a matrix of \(product) rows", file: files.settingsFile)
        }
        return ModelConfiguration(
            architecture: name,
            width: width,
            blocks: try files.required(.blocks, try files.integer(.blocks, in: sizes)),
            heads: heads,
            keyValueHeads: keyValueHeads,
            headWidth: headWidth,
            feedForwardWidth: feedForwardWidth,
            vocabulary: vocabulary,
            maximumContext: try files.required(.maximumContext, try files.integer(.maximumContext, in: sizes)),
            normEpsilon: Float(epsilon),
            rope: try RotaryEmbedding(files, headWidth: headWidth))
    }

    private static func checkSupported(_ files: ModelFiles) throws(ModelError) {
        switch files.settings {
        case .gguf(let metadata):
            if let experts = metadata["llama.expert_count"]?.integer, experts > 0 {
                throw .unsupported(feature: "a mixture of \(experts) experts", file: files.path)
            }
            if let biased = files.tensors.keys.filter({ $0.hasSuffix(".bias") }).min() {
                throw .unsupported(feature: "the bias \(biased)", file: files.path)
            }
        case .huggingFace(let configuration, _):
            for key in ["attention_bias", "mlp_bias"] where configuration[key]?.boolean == true {
                throw .unsupported(feature: key, file: files.settingsFile)
            }
            if let function = configuration["hidden_act"]?.string, function != "silu" {
                throw .unsupported(feature: "the activation function \(function)", file: files.settingsFile)
            }
        }
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let names = LlamaTensorNames(format: files.format)
        let width = configuration.width
        let embedding = try files.tensor(names.embedding, shape: [configuration.vocabulary, width])
        var blocks: [StoredBlock] = []
        for index in 0..<configuration.blocks {
            blocks.append(try block(index, in: files, names, configuration))
        }
        let head = isTied(files, names) ? embedding : try files.tensor(names.head, shape: embedding.shape)
        return StoredWeights(
            embedding: embedding, blocks: blocks,
            finalNorm: StoredMatrix(try files.tensor(names.finalNorm, shape: [width])), head: StoredMatrix(head))
    }

    private static func isTied(_ files: ModelFiles, _ names: LlamaTensorNames) -> Bool {
        switch files.settings {
        case .gguf: files.tensors[names.head] == nil
        case .huggingFace(let configuration, _): configuration["tie_word_embeddings"]?.boolean == true
        }
    }

    private static func block(
        _ index: Int, in files: ModelFiles, _ names: LlamaTensorNames, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredBlock {
        func tensor(_ part: LlamaTensorNames.Part, _ shape: [Int]) throws(ModelError) -> Tensor {
            try files.tensor(names.name(of: part, block: index), shape: shape)
        }
        let width = configuration.width
        let hidden = configuration.feedForwardWidth
        // llama.cpp's converter puts the two rows of each rotated pair side by side; Hugging Face keeps them apart.
        let order: RowOrder = files.format == .gguf ? .pairs(headWidth: configuration.headWidth) : .asUsed
        return StoredBlock(
            attentionNorm: StoredMatrix(try tensor(.attentionNorm, [width])),
            queryKeyValue: StoredMatrix([
                .init(tensor: try tensor(.query, [configuration.queryWidth, width]), order: order),
                .init(tensor: try tensor(.key, [configuration.keyValueWidth, width]), order: order),
                .init(tensor: try tensor(.value, [configuration.keyValueWidth, width]), order: .asUsed),
            ]),
            attentionOutput: StoredMatrix(try tensor(.attentionOutput, [width, configuration.queryWidth])),
            feedForwardNorm: StoredMatrix(try tensor(.feedForwardNorm, [width])),
            gateAndUp: StoredMatrix([
                .init(tensor: try tensor(.gate, [hidden, width]), order: .asUsed),
                .init(tensor: try tensor(.up, [hidden, width]), order: .asUsed),
            ]),
            down: StoredMatrix(try tensor(.down, [width, hidden])))
    }
}
