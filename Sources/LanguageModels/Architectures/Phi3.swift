internal import JSONText
internal import WeightFiles

/// Phi 3 and 4, the dense ones: Llama with joined matrices, a part of each head rotated in some, and longrope in others.
///
/// Of longrope the factors for contexts up to the original length are used, and longer contexts refused: for them all positions
/// turn by other factors, so that a token's activations depended on what comes after it. Source: Abdin et al., arXiv
/// 2404.14219 and 2412.08905.
enum Phi3: Architecture {
    static let names = ["phi3"]
    static let folderDefaults: [JSONValue.Member] = [
        ("rms_norm_eps", .number(1e-5)), ("max_position_embeddings", .integer(4096)),
        ("original_max_position_embeddings", .integer(4096)), ("tie_word_embeddings", .boolean(false)),
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        if case .gguf(let metadata) = files.settings, let experts = metadata["phi3.expert_count"]?.integer, experts > 0
        {
            throw .unsupported(feature: "a mixture of \(experts) experts", file: files.path)
        }
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.rope = try RotaryEmbedding(
            files, headWidth: configuration.headWidth, .init(allowsPart: true, longropeNames: ["su", "yarn"]))
        configuration.activation = try files.activation(["hidden_act"], otherwise: .silu)
        // llama.cpp's converter writes 0 for none.
        let window = try files.integer(.slidingWindow, in: 0...(1 << 40)) ?? 0
        guard window > 0 else { return configuration }
        configuration.localAttention = LocalAttention(
            window: window, isLocal: try files.localBlocks(configuration.blocks) { _ in true },
            rope: configuration.rope)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try GatedDecoder(files: files, configuration: configuration, isJoined: true).weights()
    }
}
