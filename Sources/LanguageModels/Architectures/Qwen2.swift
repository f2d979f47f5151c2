/// Qwen 2 and 2.5: Llama with biases on queries, keys and values.
///
/// Source: Yang et al., arXiv 2407.10671.
enum Qwen2: Architecture {
    static let names = ["qwen2"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        try QwenSettings.configuration(of: files, name: name)
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try GatedDecoder(files: files, configuration: configuration, hasQueryKeyValueBiases: true).weights()
    }
}

/// The settings that Qwen's generations share.
enum QwenSettings {
    static func configuration(of files: ModelFiles, name: String) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        configuration.activation = try files.activation(["hidden_act"], otherwise: .silu)
        guard try files.isSet("use_sliding_window") else { return configuration }
        // Older files name no kinds of attention: blocks from `max_window_layers` on see the last tokens only.
        let full = SettingName(gguf: "attention.full_blocks", huggingFace: "max_window_layers")
        let first = try files.integer(full, in: 0...(1 << 24)) ?? configuration.blocks
        configuration.localAttention = try files.localAttention(
            isLocal: try files.localBlocks(configuration.blocks) { $0 >= first }, rope: configuration.rope)
        return configuration
    }
}
