internal import JSONText

/// OLMo 3: OLMo 2 with attention to the last tokens in three blocks of four, whose rotary embeddings are never scaled.
///
/// Source: OLMo Team, arXiv 2512.13961.
enum OLMo3: Architecture {
    static let names = ["olmo3"]
    static let folderDefaults = OLMoSettings.folderDefaults

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try OLMoSettings.configuration(of: files, name: name)
        configuration.rope = try RotaryEmbedding(
            files, headWidth: configuration.headWidth, .init(section: "full_attention", base: OLMoSettings.base))
        configuration.localAttention = try OLMoSettings.localAttention(files, configuration, usualWindow: 4096)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try OLMoSettings.weights(in: files, configuration)
    }
}
