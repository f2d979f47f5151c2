import Foundation

/// The format of dictionary_learning: `ae.pt`, a state of one of its classes, and `config.json`.
///
/// Matrices are those of linear layers, `encoder.weight` `[latents, d_in]` and `decoder.weight` `[d_in, latents]`, or `W_enc`
/// `[d_in, latents]` and `W_dec` `[latents, d_in]`. Source: `dictionary_learning/dictionary.py` and `trainers/*.py`, version 0.1.
enum DictionaryLearningFormat: CoderFormat {
    static let signature = "config.json and ae.pt (dictionary_learning)"

    private static let settingsFile = "config.json"
    private static let weightsFile = "ae.pt"

    static func recognises(_ source: CoderSource) -> Bool { source.has(weightsFile, settingsFile) }

    /// The classes that are known, by the names in `dict_class`.
    private enum Class: String, CaseIterable {
        case standard = "AutoEncoder"
        case gated = "GatedAutoEncoder"
        case jumpReLU = "JumpReluAutoEncoder"
        case topK = "AutoEncoderTopK"
        case batchTopK = "BatchTopKSAE"
        case matryoshka = "MatryoshkaBatchTopKSAE"
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SettingsFile(path: source.path(settingsFile))
        let trainer = try settings.object("trainer")
        let kind =
            Class(
                rawValue: try trainer.choice(
                    "dict_class", of: Class.allCases.map(\.rawValue), default: Class.standard.rawValue)) ?? .standard
        var weights = try WeightReader(pyTorchFile: source.path(weightsFile), purpose: "dictionary-learning")
        weights.note(setting: "dict_class", kind.rawValue)
        let matrices = try LinearPair(
            from: &weights, names: kind == .jumpReLU || kind == .matryoshka ? .plain : .layers)
        let (width, latents) = (matrices.inputWidth, matrices.latents)
        let stated = ["activation_dim": width, "dict_size": latents]
        for (field, size) in stated.sorted(by: { $0.key < $1.key }) where trainer.has(field) {
            let found = try trainer.integer(field, in: 1...Int(Int32.max))
            guard found == size else {
                throw trainer.fault(field, found: "\(found)", expected: "\(size), as the tensors have it")
            }
        }
        let bias: [Float]
        let outputBias: [Float]
        let activation: LatentActivation
        switch kind {
        case .gated:
            bias = try weights.read("gate_bias", shape: [latents])
            outputBias = try weights.read("decoder_bias", shape: [width])
            activation = .gated(
                scales: try weights.readExponentials("r_mag", count: latents),
                biases: try weights.read("mag_bias", shape: [latents]))
        case .standard:
            bias = try weights.read("encoder.bias", shape: [latents])
            outputBias = try weights.read("bias", shape: [width])
            activation = .relu
        case .topK:
            bias = try weights.read("encoder.bias", shape: [latents])
            outputBias = try weights.read("b_dec", shape: [width])
            let k = trainer.has("k") ? try trainer.integer("k", in: 1...Int(Int32.max)) : nil
            activation = .topK(try source.k(of: k, latents: latents, saidBy: settingsFile))
            weights.note(setting: "k", UInt64(activation.most(of: latents)))
            // Encoding keeps k latents of each token, whatever threshold training has found.
            weights.ignore("threshold")
        case .jumpReLU, .batchTopK, .matryoshka:
            bias = try weights.read(kind == .batchTopK ? "encoder.bias" : "b_enc", shape: [latents])
            outputBias = try weights.read("b_dec", shape: [width])
            activation = .jumpReLU(thresholds: try weights.readThresholds("threshold", latents: latents))
        }
        for name in ["k", "group_sizes", "activation_dim", "dict_size"] { weights.ignore(name) }
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: width, latents: latents, activation: activation,
            encoder: .matrix(matrices.encoder), encoderBias: bias, inputOffset: kind == .jumpReLU ? nil : outputBias,
            decoder: matrices.decoder, outputBias: outputBias, placement: try placement(trainer, settings),
            digest: weights.digest())
    }

    /// `layer` and `submodule_name`, such as `resid_post_layer_8`; the residual stream if only the layer is named.
    private static func placement(
        _ trainer: SettingsFile, _ settings: SettingsFile
    ) throws(CoderError) -> CoderPlacement {
        let buffer = try settings.object("buffer")
        let training = CoderTraining(
            model: try trainer.text("lm_name"),
            contextLength: buffer.has("ctx_len") ? try buffer.integer("ctx_len", in: 1...Int(Int32.max)) : nil)
        guard trainer.has("layer") else {
            var placement = CoderPlacement(hasManyPlaces: true)
            placement.training = training
            return placement
        }
        let layer = try trainer.integer("layer", in: 0...9_999)
        let module = try trainer.text("submodule_name") ?? "resid_post"
        let place =
            if module.hasPrefix("resid_post") {
                "blocks.\(layer).hook_resid_post"
            } else if module.hasPrefix("mlp_out") || module.hasPrefix("attn_out") {
                "model.layers.\(layer)." + (module.hasPrefix("mlp") ? "mlp.output" : "self_attn.output")
            } else {
                module
            }
        var placement = CoderPlacement(input: place, hasManyPlaces: true)
        placement.training = training
        return placement
    }
}
