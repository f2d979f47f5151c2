internal import JSONText

/// Gemma: scaled embeddings, a GELU-gated feed-forward layer, norms before the modules only.
///
/// Source: Gemma Team, arXiv 2403.08295.
enum Gemma: Architecture {
    static let names = ["gemma"]
    static let folderDefaults: [JSONValue.Member] = [
        ("head_dim", .integer(256)), ("rms_norm_eps", .number(1e-6)), ("tie_word_embeddings", .boolean(true)),
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try GemmaSettings.configuration(of: files, name: name)
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        var decoder = GemmaSettings.decoder(files, configuration)
        decoder.hasPostNorms = false
        return try decoder.weights()
    }
}
