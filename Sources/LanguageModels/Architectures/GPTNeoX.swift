internal import WeightFiles

/// GPT-NeoX and Pythia: layer norms, biases, a part of each head rotated, attention and feed-forward layer side by side or in turn.
///
/// Source: Black et al., arXiv 2204.06745; Biderman et al., arXiv 2304.01373.
enum GPTNeoX: Architecture {
    static let names = ["gpt_neox", "gptneox"]
    /// Masks that old files keep.
    static let ignoredTensors = ["attention.bias", "attention.masked_bias"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        if try files.flag("attention_bias") == false {
            throw .unsupported(feature: "attention without biases", file: files.settingsFile)
        }
        var configuration = try ModelConfiguration(
            files, name: name, embedding: tensorNames(files).embedding + ".weight",
            SizeSettings(normEpsilon: .layerNormEpsilon))
        configuration.rope = try RotaryEmbedding(
            files, headWidth: configuration.headWidth, .init(allowsPart: true, part: 0.25))
        configuration.isGated = false
        configuration.activation = try files.activation(["hidden_act"], otherwise: .gelu)
        configuration.isParallel = try isParallel(files)
        return configuration
    }

    private static func isParallel(_ files: ModelFiles) throws(ModelError) -> Bool {
        guard case .gguf(let metadata) = files.settings else {
            return try files.flag("use_parallel_residual") ?? true
        }
        let name = "\(files.architecture).use_parallel_residual"
        guard let value = metadata[name] else { return true }
        guard let isParallel = value.boolean else {
            throw files.failure(name, found: "\(value)", expected: "true or false")
        }
        return isParallel
    }

    private static func tensorNames(_ files: ModelFiles) -> LayerNormDecoder.Names {
        guard files.format == .huggingFace else { return .gguf }
        let prefix = files.tensors["embed_in.weight"] == nil ? "gpt_neox." : ""
        return LayerNormDecoder.Names(
            embedding: prefix + "embed_in", finalNorm: prefix + "final_layer_norm", head: "embed_out",
            block: prefix + "layers.", attentionNorm: "input_layernorm", queryKeyValue: "attention.query_key_value",
            attentionOutput: "attention.dense", feedForwardNorm: "post_attention_layernorm", up: "mlp.dense_h_to_4h",
            down: "mlp.dense_4h_to_h")
    }

    /// llama.cpp's converter has put all queries before all keys before all values; Hugging Face keeps them head by head.
    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        try LayerNormDecoder(
            files: files, configuration: configuration, names: tensorNames(files),
            headOrder: files.format == .gguf ? .asUsed : .heads(headWidth: configuration.headWidth)
        ).weights()
    }
}
