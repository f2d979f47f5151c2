internal import JSONText
internal import WeightFiles

/// gpt-oss: experts with a clamped gate, attention to the last tokens in every other block, sinks, yarn.
///
/// Source: OpenAI, arXiv 2508.10925.
enum GPTOSS: Architecture {
    static let names = ["gpt_oss", "gpt-oss"]
    static let quantisations = ["mxfp4"]
    static let folderDefaults: [JSONValue.Member] = [
        ("head_dim", .integer(64)), ("rms_norm_eps", .number(1e-5)), ("sliding_window", .integer(128)),
        ("max_position_embeddings", .integer(131_072)), ("num_experts_per_tok", .integer(4)),
        ("swiglu_alpha", .number(1.702)), ("swiglu_limit", .number(7)), ("attention_bias", .boolean(true)),
        ("tie_word_embeddings", .boolean(false)),
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(
            files, name: name, embedding: GatedDecoder.embedding(files),
            SizeSettings(
                feedForwardWidth: SettingName(gguf: "expert_feed_forward_length", huggingFace: "intermediate_size")))
        configuration.rope = try RotaryEmbedding(
            files, headWidth: configuration.headWidth, .init(base: 150_000, truncatesYarn: false))
        configuration.localAttention = try files.localAttention(
            isLocal: try files.localBlocks(configuration.blocks) { $0 % 2 == 0 }, rope: configuration.rope)
        guard try files.isSet("attention_bias") || files.format == .gguf else {
            throw .unsupported(feature: "attention without biases", file: files.settingsFile)
        }
        configuration.activation = .clamped(
            slope: try constant("swiglu_alpha", in: files) ?? 1.702, limit: try constant("swiglu_limit", in: files) ?? 7
        )
        configuration.experts = try experts(files, width: configuration.feedForwardWidth)
        return configuration
    }

    /// A constant of the gate, which GGUF files do not have.
    private static func constant(_ name: String, in files: ModelFiles) throws(ModelError) -> Float? {
        guard files.format == .huggingFace else { return nil }
        return try files.positive(SettingName(gguf: "", huggingFace: name))
    }

    private static func experts(_ files: ModelFiles, width: Int) throws(ModelError) -> ExpertSettings {
        let sizes = 1...(1 << 20)
        // Either name is in use.
        let huggingFace = ["num_local_experts", "num_experts"]
        let settings = huggingFace.map { SettingName(gguf: "expert_count", huggingFace: $0) }
        var count: Int?
        for setting in settings where count == nil { count = try files.integer(setting, in: sizes) }
        let experts = try files.required(settings[0], count)
        let used = SettingName(gguf: "expert_used_count", huggingFace: "num_experts_per_tok")
        let chosen = try files.required(used, try files.integer(used, in: sizes))
        guard chosen <= experts else {
            throw files.failure(
                files.name(of: used), found: "\(chosen)", expected: "at most \(experts), all experts")
        }
        return ExpertSettings(count: experts, chosen: chosen, width: width, isNormalised: true)
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try GatedDecoder(
            files: files, configuration: configuration, hasQueryKeyValueBiases: true, hasOutputBias: true,
            experts: .joined, feedForwardNorm: .postAttentionNorm, hasSinks: true
        ).weights()
    }
}
