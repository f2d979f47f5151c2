/// One layer of a cross-layer transcoder of Gemma Scope 2: `params_layer_N.safetensors` below a folder `clt`, of which the encoder alone is
/// read.
///
/// `w_enc` is `[d_in, latents]`, `b_enc` and `threshold` `[latents]`; `w_dec`, `[latents, layers, d_out]`, and what is linear in the input are
/// passed over. Source: the loader `gemma_3` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum GemmaScopeCrossLayerFormat: CoderFormat {
    static let signature = "params_layer_N.safetensors below clt (Gemma Scope 2, encoder only; written folder#N)"

    static let fileName = LayerFile(prefix: "params_layer_", ending: ".safetensors")

    static func recognises(_ source: CoderSource) -> Bool {
        guard source.names.contains("clt"), let layer = source.address.layer else { return false }
        return source.has(fileName.name(layer))
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        guard let layer = source.address.layer else { throw MissingCoder(source).error }
        var weights = try WeightReader(file: source.path(fileName.name(layer)), purpose: "gemma-scope-cross-layer")
        let sizes = try weights.shape(of: "w_enc", dimensions: 2)
        let (width, latents) = (sizes[0], sizes[1])
        guard width <= CoderParameters.widest else {
            throw weights.fault("w_enc", found: "width \(width)", expected: "at most \(CoderParameters.widest)")
        }
        let encoder = try weights.readTransposed("w_enc", rows: latents, columns: width)
        let bias = try weights.read("b_enc", shape: [latents])
        let thresholds = try weights.read("threshold", shape: [latents])
        for name in ["w_dec", "b_dec", "affine_skip_connection"] { weights.ignore(name) }
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: width, latents: latents, activation: .jumpReLU(thresholds: thresholds),
            encoder: .matrix(encoder), encoderBias: bias, inputOffset: nil, decoder: .none,
            outputBias: [Float](repeating: 0, count: width),
            placement: CoderPlacement(
                isTranscoder: true, input: "model.layers.\(layer).pre_feedforward_layernorm.output",
                output: "model.layers.\(layer).post_feedforward_layernorm.output"),
            digest: weights.digest())
    }
}
