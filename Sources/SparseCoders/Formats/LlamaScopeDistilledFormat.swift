/// The format of the later coders of Llama Scope: `config.json` and `sae_weights.safetensors`, with a threshold for each latent.
///
/// Matrices are those of linear layers; thresholds are given by their logarithms, of pre-activations of the scaled input. Source: the loader
/// `llama_scope_r1_distill` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum LlamaScopeDistilledFormat: CoderFormat {
    static let signature = "config.json and sae_weights.safetensors (Llama Scope R1)"

    private static let settingsFile = "config.json"
    private static let weightsFile = "sae_weights.safetensors"

    static func recognises(_ source: CoderSource) -> Bool {
        source.has(settingsFile, weightsFile) && !source.has("cfg.json")
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SettingsFile(path: source.path(settingsFile))
        _ = try settings.choice("act_fn", of: ["jumprelu"], default: "jumprelu")
        let places = try LlamaScopePlaces(settings)
        var weights = try WeightReader(file: source.path(weightsFile), purpose: "llama-scope-distilled")
        let matrices = try LinearPair(from: &weights, names: .layers)
        let scales = try places.scales(width: matrices.inputWidth, settings, given: source.averageNorm())
        weights.note(setting: "scale", scales.input.bitPattern)
        weights.note(setting: "output scale", scales.output.bitPattern)
        let thresholds = try weights.readExponentials("log_jumprelu_threshold", count: matrices.latents)
        let bias = try weights.read("encoder.bias", shape: [matrices.latents])
        let outputBias = try weights.read("decoder.bias", shape: [matrices.outputWidth])
        try weights.finish()
        var parameters = CoderParameters(
            inputWidth: matrices.inputWidth, outputWidth: matrices.outputWidth, latents: matrices.latents,
            activation: .jumpReLU(thresholds: thresholds), encoder: .matrix(matrices.encoder), encoderBias: bias,
            inputOffset: nil, decoder: matrices.decoder, outputBias: outputBias, placement: places.placement,
            digest: weights.digest())
        parameters.scaleInput(by: scales.input, output: scales.output)
        return parameters
    }
}
