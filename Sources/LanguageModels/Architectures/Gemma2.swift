/// Gemma 2: attention to the last tokens in every other block, scores and logits kept within bounds.
///
/// Source: Gemma Team, arXiv 2408.00118.
enum Gemma2: Architecture {
    static let names = ["gemma2"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try GemmaSettings.configuration(of: files, name: name, largestBlocks: 46)
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        configuration.localAttention = try files.localAttention(
            isLocal: try files.localBlocks(configuration.blocks) { $0 % 2 == 0 }, rope: configuration.rope)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try GemmaSettings.decoder(files, configuration).weights()
    }
}
