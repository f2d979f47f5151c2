internal import WeightFiles

/// GPT-2: learned positions, layer norms, biases, matrices stored transposed in Hugging Face folders.
///
/// Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019).
enum GPT2: Architecture {
    static let names = ["gpt2"]
    /// Masks that old files keep.
    static let ignoredTensors = ["attn.bias", "attn.masked_bias"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        let isScaledByBlock = try files.isSet("scale_attn_by_inverse_layer_idx")
        let isScaled = try files.flag("scale_attn_weights") ?? true
        if isScaledByBlock || !isScaled {
            throw .unsupported(feature: "attention scaled in another way than usual", file: files.settingsFile)
        }
        var configuration = try ModelConfiguration(
            files, name: name, embedding: tensorNames(files).embedding + ".weight",
            SizeSettings(
                width: SettingName(gguf: "embedding_length", huggingFace: "n_embd"),
                blocks: SettingName(gguf: "block_count", huggingFace: "n_layer"),
                heads: SettingName(gguf: "attention.head_count", huggingFace: "n_head"),
                feedForwardWidth: SettingName(gguf: "feed_forward_length", huggingFace: "n_inner"),
                feedForwardMultiple: 4,
                maximumContext: SettingName(gguf: "context_length", huggingFace: "n_positions"),
                normEpsilon: SettingName(gguf: "attention.layer_norm_epsilon", huggingFace: "layer_norm_epsilon")))
        configuration.isGated = false
        configuration.activation = try files.activation(["activation_function"], otherwise: .geluTanh)
        return configuration
    }

    /// The official folder has the bare model's names, newer ones begin with `transformer.`.
    private static func prefix(_ files: ModelFiles) -> String {
        files.tensors["wte.weight"] == nil ? "transformer." : ""
    }

    private static func tensorNames(_ files: ModelFiles) -> LayerNormDecoder.Names {
        guard files.format == .huggingFace else { return .gguf }
        let prefix = prefix(files)
        return LayerNormDecoder.Names(
            embedding: prefix + "wte", finalNorm: prefix + "ln_f", head: "lm_head", block: prefix + "h.",
            attentionNorm: "ln_1", queryKeyValue: "attn.c_attn", attentionOutput: "attn.c_proj",
            feedForwardNorm: "ln_2", up: "mlp.c_fc", down: "mlp.c_proj")
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let isGGUF = files.format == .gguf
        let positions = try files.tensor(
            isGGUF ? "position_embd.weight" : prefix(files) + "wpe.weight",
            shape: [configuration.maximumContext, configuration.width])
        return try LayerNormDecoder(
            files: files, configuration: configuration, names: tensorNames(files), isTransposed: !isGGUF
        ).weights(positions: positions)
    }
}
