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
        let tensors = try GemmaScopeTensors(from: &weights, encoder: names.encoder, decoder: names.decoder)
        let path = GemmaScopePath(folder: folder).placement
        return try tensors.parameters(
            placement: CoderPlacement(
                isTranscoder: path.map { $0.input != $0.output } ?? (tensors.outputWidth != tensors.inputWidth),
                input: path?.input, output: path?.output, hasManyPlaces: true),
            in: weights)
    }
}
