import Foundation

/// One layer of a set of transcoders as circuit-tracer has them: `layer_N.safetensors` in one folder, and `config.yaml` for all of them.
///
/// `W_enc` is `[latents, d_in]`, `W_dec` `[latents, d_out]`, `W_skip` `[d_out, d_in]`. Latents are ReLU, JumpReLU if there are thresholds, or
/// TopK if the settings or the file name k. A set without settings was trained on the feed-forward layers' inputs and outputs. Sources:
/// `circuit_tracer/transcoder/single_layer_transcoder.py`, version 0.5; the loader `mwhanna_transcoder` of SAELens 6.54.
enum TranscoderSetFormat: CoderFormat {
    static let signature = "layer_N.safetensors (a set of transcoders; written folder#N)"

    static func recognises(_ source: CoderSource) -> Bool { file(of: source) != nil }

    static let fileName = LayerFile(prefix: "layer_", ending: ".safetensors")

    private static func file(of source: CoderSource) -> (layer: Int, path: String, settings: String)? {
        if let layer = source.address.layer {
            let name = fileName.name(layer)
            return source.has(name) ? (layer, source.path(name), source.path(TranscoderSetSettings.file)) : nil
        }
        guard source.isFile, let layer = source.names.last.flatMap({ LayerFile.layer(of: $0, fileName) }) else {
            return nil
        }
        let folder = URL(fileURLWithPath: source.folder).deletingLastPathComponent().path
        return (layer, source.folder, folder + "/" + TranscoderSetSettings.file)
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        guard let (layer, path, settingsPath) = file(of: source) else { throw MissingCoder(source).error }
        let settings = try TranscoderSetSettings(path: settingsPath, layer: layer)
        var weights = try WeightReader(file: path, purpose: "transcoder-set")
        let matrices = try LinearPair(from: &weights, names: .rows)
        let (width, output, latents) = (matrices.inputWidth, matrices.outputWidth, matrices.latents)
        let bias = try weights.read("b_enc", shape: [latents])
        let outputBias = try weights.read("b_dec", shape: [output])
        let skip = weights.has("W_skip") ? try weights.read("W_skip", shape: [output, width]) : nil
        let activation: LatentActivation
        let thresholds = ["activation_function.threshold", "threshold"].first(where: weights.has)
        if let thresholds {
            activation = .jumpReLU(thresholds: try weights.readThresholds(thresholds, latents: latents))
        } else if settings.isTopK || weights.has("k") {
            let inFile = weights.has("k") ? try weights.readInteger("k") : nil
            let k = try source.k(of: settings.k ?? inFile, latents: latents, saidBy: TranscoderSetSettings.file)
            weights.note(setting: "k", UInt64(k))
            activation = .topK(k)
        } else {
            activation = .relu
        }
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: output, latents: latents, activation: activation,
            encoder: .matrix(matrices.encoder), encoderBias: bias, inputOffset: nil, decoder: matrices.decoder,
            outputBias: outputBias, skip: skip, placement: settings.placement, digest: weights.digest())
    }
}
