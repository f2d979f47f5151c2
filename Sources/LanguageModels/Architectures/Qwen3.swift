/// Qwen 3: Llama with a norm on each head's query and key.
///
/// Source: Yang et al., arXiv 2505.09388.
enum Qwen3: Architecture {
    static let names = ["qwen3"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        try QwenSettings.configuration(of: files, name: name)
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let hasBiases = try files.isSet("attention_bias")
        return try GatedDecoder(
            files: files, configuration: configuration, hasQueryKeyValueBiases: hasBiases, hasOutputBias: hasBiases,
            headNorms: .each
        ).weights()
    }
}
