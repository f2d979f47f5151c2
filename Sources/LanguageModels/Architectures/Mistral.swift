/// Mistral: Llama with attention to the last tokens only.
///
/// Its GGUF files say that they are Llama's.
///
/// Source: Jiang et al., arXiv 2310.06825.
enum Mistral: Architecture {
    static let names = ["mistral"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        configuration.activation = try files.activation(["hidden_act"], otherwise: .silu)
        configuration.localAttention = try files.localAttention(
            isLocal: try files.localBlocks(configuration.blocks) { _ in true }, rope: configuration.rope)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try GatedDecoder(files: files, configuration: configuration).weights()
    }
}
