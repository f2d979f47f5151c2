internal import WeightFiles

/// Llama and all models of its shape: root-mean-square norms, rotary positions, grouped heads, a SiLU-gated feed-forward
/// layer, biases if the settings or the file have them.
///
/// Source: Touvron et al., arXiv 2302.13971; Grattafiori et al., arXiv 2407.21783.
enum Llama: Architecture {
    static let names = ["llama"]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        if case .gguf(let metadata) = files.settings, let experts = metadata["llama.expert_count"]?.integer, experts > 0
        {
            throw .unsupported(feature: "a mixture of \(experts) experts", file: files.path)
        }
        var configuration = try ModelConfiguration(files, name: name, embedding: GatedDecoder.embedding(files))
        configuration.rope = try RotaryEmbedding(files, headWidth: configuration.headWidth)
        guard try files.activation(["hidden_act"], otherwise: .silu) == .silu else {
            throw .unsupported(feature: "an activation function other than silu", file: files.settingsFile)
        }
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        var decoder = GatedDecoder(files: files, configuration: configuration)
        switch files.format {
        case .gguf:
            // llama.cpp's converter puts the two rows of each rotated pair side by side; Hugging Face keeps them apart.
            decoder.order = .pairs(headWidth: configuration.headWidth)
            decoder.hasQueryKeyValueBiases = files.tensors["blk.0.attn_q.bias"] != nil
            decoder.hasOutputBias = files.tensors["blk.0.attn_output.bias"] != nil
            decoder.hasFeedForwardBiases = files.tensors["blk.0.ffn_gate.bias"] != nil
        case .huggingFace:
            let hasBiases = try files.isSet("attention_bias")
            decoder.hasQueryKeyValueBiases = hasBiases
            decoder.hasOutputBias = hasBiases
            decoder.hasFeedForwardBiases = try files.isSet("mlp_bias")
        }
        return try decoder.weights()
    }
}
