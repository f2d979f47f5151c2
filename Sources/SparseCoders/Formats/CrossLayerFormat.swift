/// One layer of a cross-layer transcoder of circuit-tracer's: `W_enc_N.safetensors`, of which the encoder alone is read.
///
/// The latents of a layer read that layer only, and write to it and to all after it, so that they have no one direction: their codes can be
/// explained and scored, but not added to activations. `W_enc_N` is `[latents, d_in]`, `b_enc_N` `[latents]`, `threshold_N`, if there is one,
/// `[latents]`. Source: `circuit_tracer/transcoder/cross_layer_transcoder.py`, version 0.5.
enum CrossLayerFormat: CoderFormat {
    static let signature = "W_enc_N.safetensors (a cross-layer transcoder, encoder only; written folder#N)"

    static func recognises(_ source: CoderSource) -> Bool {
        source.address.layer.map { source.has(fileName.name($0)) } ?? false
    }

    static let fileName = LayerFile(prefix: "W_enc_", ending: ".safetensors")

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        guard let layer = source.address.layer else { throw MissingCoder(source).error }
        let settings = try TranscoderSetSettings(path: source.path(TranscoderSetSettings.file), layer: layer)
        var weights = try WeightReader(file: source.path(fileName.name(layer)), purpose: "cross-layer")
        let encoderName = "W_enc_\(layer)"
        let sizes = try weights.shape(of: encoderName, dimensions: 2)
        let (latents, width) = (sizes[0], sizes[1])
        guard width <= CoderParameters.widest else {
            throw weights.fault(encoderName, found: "width \(width)", expected: "at most \(CoderParameters.widest)")
        }
        let encoder = try weights.read(encoderName, shape: [latents, width])
        let bias = try weights.read("b_enc_\(layer)", shape: [latents])
        let threshold = "threshold_\(layer)"
        let activation: LatentActivation
        if weights.has(threshold) {
            activation = .jumpReLU(thresholds: try weights.readThresholds(threshold, latents: latents))
        } else if settings.isTopK {
            let k = try source.k(of: settings.k, latents: latents, saidBy: TranscoderSetSettings.file)
            weights.note(setting: "k", UInt64(k))
            activation = .topK(k)
        } else {
            activation = .relu
        }
        weights.ignore("b_dec_\(layer)")
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: width, latents: latents, activation: activation, encoder: .matrix(encoder),
            encoderBias: bias, inputOffset: nil, decoder: .none, outputBias: [Float](repeating: 0, count: width),
            placement: settings.placement, digest: weights.digest())
    }
}
