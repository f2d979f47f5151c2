internal import JSONText
internal import WeightFiles

/// Gemma 3: attention to the last tokens in five blocks of six, and norms on each head's query and key.
///
/// The local blocks have rotary embeddings of their own. Of models that read images too the text's part alone is used.
/// Source: Gemma Team, arXiv 2503.19786.
enum Gemma3: Architecture {
    static let names = ["gemma3", "gemma3_text"]
    static let ignoredParts = ["vision_tower.", "multi_modal_projector."]
    /// Google's folders say of the text's part only what these are not.
    static let folderDefaults: [JSONValue.Member] = [
        ("vocab_size", .integer(262_208)), ("hidden_size", .integer(2304)), ("intermediate_size", .integer(9216)),
        ("num_hidden_layers", .integer(26)), ("num_attention_heads", .integer(8)),
        ("num_key_value_heads", .integer(4)), ("head_dim", .integer(256)), ("rms_norm_eps", .number(1e-6)),
        ("max_position_embeddings", .integer(131_072)), ("sliding_window", .integer(4096)),
        ("tie_word_embeddings", .boolean(true)),
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try GemmaSettings.configuration(of: files, name: name, largestBlocks: 62)
        configuration.rope = try RotaryEmbedding(
            files, headWidth: configuration.headWidth, .init(section: "full_attention", base: 1_000_000))
        let pattern = SettingName(gguf: "attention.sliding_window_pattern", huggingFace: "sliding_window_pattern")
        let period = try files.integer(pattern, in: 1...(1 << 24)) ?? 6
        configuration.localAttention = try files.localAttention(
            isLocal: try files.localBlocks(configuration.blocks) { ($0 + 1) % period != 0 },
            rope: try localRope(files, headWidth: configuration.headWidth))
        return configuration
    }

    /// The rotary embedding of the local blocks, which is never scaled.
    private static func localRope(_ files: ModelFiles, headWidth: Int) throws(ModelError) -> RotaryEmbedding {
        if case .huggingFace(let configuration, _) = files.settings,
            configuration.member(path: "rope_parameters.sliding_attention")?.object != nil
        {
            return try RotaryEmbedding(files, headWidth: headWidth, .init(section: "sliding_attention"))
        }
        let setting = SettingName(gguf: "rope.freq_base_swa", huggingFace: "rope_local_base_freq")
        let base = try files.number(setting) ?? 10_000
        guard base > 1, base.isFinite else {
            throw files.failure(
                files.name(of: setting), found: "\(base)", expected: "a finite number above 1")
        }
        return RotaryEmbedding(base: base, width: headWidth, scaling: .none)
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        var decoder = GemmaSettings.decoder(files, configuration)
        decoder.headNorms = .each
        return try decoder.weights()
    }
}
