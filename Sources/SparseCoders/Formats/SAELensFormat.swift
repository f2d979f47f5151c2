import Foundation
import WeightFiles

/// The format of SAELens: `cfg.json` and `sae_weights.safetensors`.
///
/// Source: `sae_lens/saes/*.py`, version 6.54. `W_enc` is `[d_in, d_sae]` in the file.
enum SAELensFormat: CoderFormat {
    static let signature = "cfg.json and sae_weights.safetensors (SAELens)"

    static func recognises(_ source: CoderSource) -> Bool { source.has(settingsFile, weightsFile) }

    private static let settingsFile = "cfg.json"
    private static let weightsFile = "sae_weights.safetensors"

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SAELensSettings(file: source.path(settingsFile))
        var weights = try WeightReader(file: source.path(weightsFile), purpose: "saelens")
        weights.note(setting: "architecture", settings.architecture.rawValue)
        weights.note(setting: "k", UInt64(settings.k ?? 0))
        weights.note(setting: "apply_b_dec_to_input", settings.centres ? 1 : 0)
        weights.note(setting: "normalize_activations", settings.normalization.rawValue)
        weights.note(setting: "rescale_acts_by_decoder_norm", settings.rescales ? 1 : 0)

        let (width, latents) = (settings.inputWidth, settings.latents)
        let scale = settings.isScaledByNorm ? try settings.scale(given: source.averageNorm()) : nil
        if let scale { weights.note(setting: "scale", scale.bitPattern) }
        var encoder = try weights.readTransposed("W_enc", rows: latents, columns: width)
        var encoderBias = try weights.read(settings.architecture == .gated ? "b_gate" : "b_enc", shape: [latents])
        let decoder = try weights.check("W_dec", shape: [latents, settings.outputWidth])
        let outputBias = try weights.read("b_dec", shape: [settings.outputWidth])
        let activation = try activation(settings, &weights)
        let skip =
            settings.architecture.hasSkip ? try weights.read("W_skip", shape: [settings.outputWidth, width]) : nil
        var scales = try finetuningScale(settings, &weights)
        if settings.rescales {
            let norms = try weights.norms(of: decoder)
            fold(norms, into: &encoder, &encoderBias)
            scales = norms.indices.map { (norms[$0] > 0 ? 1 / norms[$0] : 0) * (scales?[$0] ?? 1) }
        }
        try weights.finish()
        var parameters = CoderParameters(
            inputWidth: width, outputWidth: settings.outputWidth, latents: latents, activation: activation,
            normalization: settings.normalization, denormalizesOutput: isDenormalized(settings),
            encoder: .matrix(encoder), encoderBias: encoderBias, inputOffset: settings.centres ? outputBias : nil,
            decoder: .file(decoder), decoderScales: scales, outputBias: outputBias, skip: skip,
            placement: settings.placement, digest: weights.digest())
        if let scale { parameters.scaleInput(by: scale) }
        return settings.architecture == .absoluteTopK ? parameters.mirrored() : parameters
    }

    private static func isDenormalized(_ settings: SAELensSettings) -> Bool {
        settings.normalization != .none && !settings.architecture.isTranscoder
    }

    private static func activation(
        _ settings: SAELensSettings, _ weights: inout WeightReader
    ) throws(CoderError) -> LatentActivation {
        let latents = settings.latents
        switch settings.architecture {
        case .standard, .transcoder, .skipTranscoder: return .relu
        case .topK, .absoluteTopK: return .topK(settings.k ?? 1)
        case .jumpReLU, .jumpReLUTranscoder, .jumpReLUSkipTranscoder:
            return .jumpReLU(thresholds: try weights.read("threshold", shape: [latents]))
        case .gated:
            return .gated(
                scales: try weights.readExponentials("r_mag", count: latents),
                biases: try weights.read("b_mag", shape: [latents]))
        case .batchTopK, .matryoshkaBatchTopK:
            // A checkpoint of training has one threshold for all latents, an average over batches.
            if weights.has("threshold") {
                return .jumpReLU(thresholds: try weights.read("threshold", shape: [latents]))
            }
            let shared = try weights.read("topk_threshold", shape: [])
            return .jumpReLU(thresholds: [Float](repeating: shared.first ?? 0, count: latents))
        }
    }

    /// The factors on the way to the decoder; older files have them without using them, as ones.
    private static func finetuningScale(
        _ settings: SAELensSettings, _ weights: inout WeightReader
    ) throws(CoderError) -> [Float]? {
        let name = weights.has("finetuning_scaling_factor") ? "finetuning_scaling_factor" : "scaling_factor"
        guard weights.has(name) else { return nil }
        let scales = try weights.read(name, shape: [settings.latents])
        if scales.allSatisfy({ abs($0 - 1) <= 1e-5 }) { return nil }
        guard settings.hasFinetuningScale else {
            throw weights.fault(
                name, found: "factors other than 1", expected: "ones, or finetuning_scaling_factor true in cfg.json")
        }
        return scales
    }

    /// Multiplies each latent's row and bias by the length of its decoder row.
    private static func fold(_ norms: [Float], into encoder: inout [Float], _ bias: inout [Float]) {
        let width = encoder.count / max(norms.count, 1)
        for (latent, norm) in norms.enumerated() {
            bias[latent] *= norm
            for index in latent * width..<(latent + 1) * width { encoder[index] *= norm }
        }
    }
}
