import Foundation
import Hashing

/// The format of EleutherAI's sparsify: `cfg.json` and `sae.safetensors`.
///
/// Source: `sparsify/sparse_coder.py` and `sparsify/config.py`, version 1.3.
enum SparsifyFormat: CoderFormat {
    static let signature = "cfg.json and sae.safetensors (sparsify)"

    static func recognises(_ source: CoderSource) -> Bool { source.has(settingsFile, weightsFile) }

    private static let settingsFile = "cfg.json"
    private static let weightsFile = "sae.safetensors"

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SparsifySettings(file: source.path(settingsFile))
        var weights = try WeightReader(file: source.path(weightsFile), purpose: "sparsify")
        let (width, latents) = (settings.inputWidth, settings.latents)
        weights.note(setting: "k", UInt64(settings.k))
        weights.note(setting: "transcode", settings.isTranscoder ? 1 : 0)
        if case .groupMax = settings.activation { weights.note(setting: "activation", "groupmax") }
        let encoder = try weights.read("encoder.weight", shape: [latents, width])
        let encoderBias = try weights.read("encoder.bias", shape: [latents])
        let outputBias = try weights.read("b_dec", shape: [width])
        let decoder = try weights.check("W_dec", shape: [latents, width])
        let skip = settings.hasSkip ? try weights.read("W_skip", shape: [width, width]) : nil
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: width, latents: latents, activation: settings.activation,
            encoder: .matrix(encoder), encoderBias: encoderBias,
            inputOffset: settings.isTranscoder ? nil : outputBias, decoder: .file(decoder), outputBias: outputBias,
            skip: skip, placement: placement(folder: source.folder, settings), digest: weights.digest())
    }

    /// Training writes each coder into a folder that is named by its module: a coder reads what the module gives, a transcoder what the
    /// module reads.
    private static func placement(folder: String, _ settings: SparsifySettings) -> CoderPlacement {
        let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        if name == "embed_tokens" { return CoderPlacement(isTranscoder: settings.isTranscoder, input: "embed") }
        guard PlaceName.isOwn(name) else { return CoderPlacement(isTranscoder: settings.isTranscoder) }
        return CoderPlacement(
            isTranscoder: settings.isTranscoder, input: settings.isTranscoder ? name + ".input" : name, output: name)
    }
}
