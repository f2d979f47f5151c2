/// The settings that Gemma's generations share: scaled embeddings, a GELU-gated feed-forward layer, norms whose weights are
/// stored as their distance from 1, from the second generation on after each module as well.
enum GemmaSettings {
    /// Reads the settings; `largestBlocks` are those of a generation's largest model, if that scales scores in another way.
    static func configuration(
        of files: ModelFiles, name: String, largestBlocks: Int? = nil
    ) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.activation = try files.activation(["hidden_activation", "hidden_act"], otherwise: .geluTanh)
        // Old files say `gelu` in `hidden_act` and mean the formula with tanh.
        if configuration.activation == .gelu { configuration.activation = .geluTanh }
        configuration.embeddingScale = Float(configuration.width).squareRoot()
        if let largestBlocks {
            configuration.attentionScale = try attentionScale(files, configuration, largestBlocks: largestBlocks)
        }
        configuration.attentionCap = try files.positive(.attentionCap)
        configuration.logitCap = try files.positive(.logitCap)
        if try files.isSet("use_bidirectional_attention") {
            throw .unsupported(feature: "use_bidirectional_attention", file: files.settingsFile)
        }
        return configuration
    }

    /// `query_pre_attn_scalar ^ -½`; GGUF files do not have it: it is the head's width, but in the largest model `width / heads`.
    private static func attentionScale(
        _ files: ModelFiles, _ configuration: ModelConfiguration, largestBlocks: Int
    ) throws(ModelError) -> Float {
        let setting = SettingName(gguf: "attention.query_pre_attn_scalar", huggingFace: "query_pre_attn_scalar")
        if let scalar = try files.positive(setting) { return 1 / scalar.squareRoot() }
        guard files.format == .gguf else { return 1 / Float(256).squareRoot() }
        let isLargest = configuration.blocks == largestBlocks
        let scalar = isLargest ? configuration.width / configuration.heads : configuration.headWidth
        return 1 / Float(scalar).squareRoot()
    }

    /// The weights; llama.cpp's converter has added the 1 to the norms already.
    static func decoder(_ files: ModelFiles, _ configuration: ModelConfiguration) -> GatedDecoder {
        GatedDecoder(
            files: files, configuration: configuration, hasPostNorms: true,
            normAddend: files.format == .gguf ? 0 : 1)
    }
}
