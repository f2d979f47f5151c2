import WeightFiles

/// The format of Llama Scope: `hyperparams.json` and `checkpoints/final.safetensors`, a JumpReLU coder with one threshold.
///
/// Matrices are those of linear layers. The input is scaled so that its mean length is √d_in, and the output back. The threshold is of
/// pre-activations that are not scaled: it is multiplied by the input's scale, and where a latent's decoder row is not of length 1 and the
/// settings say that sparsity counts it, divided by that length. Sources: the loader `llama_scope` in
/// `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54; `lm_saes/sae.py` of OpenMOSS' Language-Model-SAEs.
enum LlamaScopeFormat: CoderFormat {
    static let signature = "hyperparams.json and checkpoints/final.safetensors (Llama Scope)"

    private static let settingsFile = "hyperparams.json"
    private static let weightsFile = "checkpoints/final.safetensors"

    static func recognises(_ source: CoderSource) -> Bool { source.has(settingsFile, weightsFile) }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SettingsFile(path: source.path(settingsFile))
        _ = try settings.choice("act_fn", of: ["jumprelu"], default: "jumprelu")
        _ = try settings.choice("norm_activation", of: ["dataset-wise"], default: "dataset-wise")
        guard try !settings.boolean("apply_decoder_bias_to_pre_encoder", default: false) else {
            throw settings.fault("apply_decoder_bias_to_pre_encoder", found: "true", expected: "false")
        }
        let threshold = try settings.number("jump_relu_threshold")
        let placement = try LlamaScopePlaces(settings)
        var weights = try WeightReader(file: source.path(weightsFile), purpose: "llama-scope")
        let matrices = try LinearPair(from: &weights, names: .layers)
        let scales = try placement.scales(width: matrices.inputWidth, settings, given: source.averageNorm())
        weights.note(setting: "jump_relu_threshold", threshold.bitPattern)
        weights.note(setting: "scale", scales.input.bitPattern)
        weights.note(setting: "output scale", scales.output.bitPattern)
        let countsNorm = try settings.boolean("sparsity_include_decoder_norm", default: false)
        let thresholds = Self.norms(of: matrices).map { norm in
            // Rows that were brought to length 1 in 16 bits are so within a hundredth.
            let isOne = !countsNorm || abs(norm - 1) < 0.01 || norm == 0
            return Float(threshold * scales.input / (isOne ? 1 : norm))
        }
        let bias = try weights.read("encoder.bias", shape: [matrices.latents])
        let outputBias =
            weights.has("decoder.bias")
            ? try weights.read("decoder.bias", shape: [matrices.outputWidth])
            : [Float](repeating: 0, count: matrices.outputWidth)
        try weights.finish()
        var parameters = CoderParameters(
            inputWidth: matrices.inputWidth, outputWidth: matrices.outputWidth, latents: matrices.latents,
            activation: .jumpReLU(thresholds: thresholds), encoder: .matrix(matrices.encoder), encoderBias: bias,
            inputOffset: nil, decoder: matrices.decoder, outputBias: outputBias, placement: placement.placement,
            digest: weights.digest())
        parameters.scaleInput(by: scales.input, output: scales.output)
        return parameters
    }

    /// The lengths of the decoder's rows.
    private static func norms(of matrices: LinearPair) -> [Double] {
        guard case .matrix(let rows) = matrices.decoder else { return [] }
        let width = matrices.outputWidth
        return (0..<matrices.latents).map { latent in
            rows[latent * width..<(latent + 1) * width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
    }
}
