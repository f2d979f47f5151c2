internal import JSONText
internal import WeightFiles

/// What OLMo's second and third generation share.
enum OLMoSettings {
    static let folderDefaults: [JSONValue.Member] = [
        ("rms_norm_eps", .number(1e-5)), ("max_position_embeddings", .integer(2048)),
        ("tie_word_embeddings", .boolean(false)),
    ]
    /// The base that Hugging Face's implementation of the third takes if a folder does not say.
    static let base = 500_000.0

    static func configuration(of files: ModelFiles, name: String) throws(ModelError) -> ModelConfiguration {
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.activation = try files.activation(["hidden_act"], otherwise: .silu)
        return configuration
    }

    /// The attention to the last tokens; `nil` if there is no window.
    static func localAttention(
        _ files: ModelFiles, _ configuration: ModelConfiguration, usualWindow: Int
    ) throws(ModelError) -> LocalAttention? {
        let window = try files.integer(.slidingWindow, in: 0...(1 << 40)) ?? usualWindow
        guard window > 0 else { return nil }
        return LocalAttention(
            window: window, isLocal: try localBlocks(files, configuration.blocks),
            rope: try localRope(files, headWidth: configuration.headWidth, configuration.rope))
    }

    private static func localBlocks(_ files: ModelFiles, _ blocks: Int) throws(ModelError) -> [Bool] {
        let name = "\(files.architecture).attention.sliding_window_pattern"
        guard case .gguf(let metadata) = files.settings, let pattern = metadata[name] else {
            return try files.localBlocks(blocks) { ($0 + 1) % 4 != 0 }
        }
        if let period = pattern.integer, period > 0 { return (0..<blocks).map { ($0 + 1) % period != 0 } }
        guard let isLocal = pattern.booleans, isLocal.count == blocks else {
            throw files.failure(
                name, found: "\(pattern)", expected: "a period, or true or false for each of the \(blocks) blocks")
        }
        return isLocal
    }

    /// The rotary embedding of the local blocks: the others' without its scaling.
    private static func localRope(
        _ files: ModelFiles, headWidth: Int, _ rope: RotaryEmbedding?
    ) throws(ModelError) -> RotaryEmbedding {
        switch files.settings {
        case .huggingFace(let configuration, _):
            if configuration.member(path: "rope_parameters.sliding_attention")?.object != nil {
                return try RotaryEmbedding(
                    files, headWidth: headWidth, .init(section: "sliding_attention", base: base))
            }
            return RotaryEmbedding(base: rope?.base ?? base, width: headWidth, scaling: .none)
        case .gguf:
            let setting = SettingName(gguf: "rope.freq_base_swa", huggingFace: "")
            let given = try files.positive(setting).map(Double.init) ?? rope?.base ?? base
            guard given > 1 else {
                throw files.failure(files.name(of: setting), found: "\(given)", expected: "a number above 1")
            }
            return RotaryEmbedding(base: given, width: headWidth, scaling: .none)
        }
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let hasBiases = try files.isSet("attention_bias")
        return try GatedDecoder(
            files: files, configuration: configuration, hasQueryKeyValueBiases: hasBiases, hasOutputBias: hasBiases,
            headNorms: .joined, hasPreNorms: false, hasPostNorms: true
        ).weights()
    }
}
