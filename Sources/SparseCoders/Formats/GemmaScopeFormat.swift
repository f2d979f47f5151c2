import Foundation
import WeightFiles

/// The format of Gemma Scope: `params.npz`, a JumpReLU coder without settings.
///
/// Sizes are those of the arrays. The input is not centred. Where it was trained the path tells. Source: Lieberum et al., "Gemma Scope"
/// (2024), and the loader `gemma_2` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54, which also knows the names with a
/// small `w`.
enum GemmaScopeFormat: CoderFormat {
    static let signature = "params.npz (Gemma Scope)"

    private static let file = "/params.npz"

    static func recognises(folder: String) -> Bool { FileManager.default.fileExists(atPath: folder + file) }

    static func load(folder: String) throws(CoderError) -> CoderParameters {
        var weights = try WeightReader(file: folder + file, purpose: "gemma-scope") { path throws(WeightFileError) in
            try NumPyArchive(path: path).arrays
        }
        let names = weights.has("W_enc") ? (encoder: "W_enc", decoder: "W_dec") : (encoder: "w_enc", decoder: "w_dec")
        let sizes = try weights.shape(of: names.encoder, dimensions: 2)
        let (width, latents) = (sizes[0], sizes[1])
        let outputWidth = try weights.shape(of: names.decoder, dimensions: 2)[1]
        guard max(width, outputWidth) <= CoderParameters.widest else {
            throw weights.fault(
                width > outputWidth ? names.encoder : names.decoder, found: "width \(max(width, outputWidth))",
                expected: "at most \(CoderParameters.widest)")
        }
        let encoder = try weights.readTransposed(names.encoder, rows: latents, columns: width)
        let encoderBias = try weights.read("b_enc", shape: [latents])
        let thresholds = try weights.read("threshold", shape: [latents])
        let decoder = try weights.check(names.decoder, shape: [latents, outputWidth])
        let outputBias = try weights.read("b_dec", shape: [outputWidth])
        try weights.finish()
        let path = GemmaScopePath(folder: folder).placement
        return CoderParameters(
            inputWidth: width, outputWidth: outputWidth, latents: latents,
            activation: .jumpReLU(thresholds: thresholds),
            encoder: .matrix(encoder), encoderBias: encoderBias, inputOffset: nil, decoder: .file(decoder),
            outputBias: outputBias,
            placement: CoderPlacement(
                isTranscoder: path.map { $0.input != $0.output } ?? (outputWidth != width), input: path?.input,
                output: path?.output, hasManyPlaces: true),
            digest: weights.digest())
    }
}
