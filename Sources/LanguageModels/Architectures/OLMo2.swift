internal import JSONText

/// OLMo 2: norms after the modules and none before them, norms over all queries and over all keys of a token.
///
/// GGUF files of OLMo 3 say `olmo2` too. Source: Walsh et al., arXiv 2501.00656.
enum OLMo2: Architecture {
    static let names = ["olmo2"]
    static let folderDefaults = OLMoSettings.folderDefaults

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try OLMoSettings.configuration(of: files, name: name)
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        // A folder has no window, whatever it says.
        guard files.format == .gguf else { return configuration }
        configuration.localAttention = try OLMoSettings.localAttention(files, configuration, usualWindow: 0)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try OLMoSettings.weights(in: files, configuration)
    }
}
