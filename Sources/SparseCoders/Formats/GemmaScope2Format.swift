import Foundation

/// The format of Gemma Scope 2: `params.safetensors`, a JumpReLU coder, transcoders with or without a part that is linear in the input.
///
/// `w_enc` is `[d_in, latents]`, `w_dec` is `[latents, d_out]`, `affine_skip_connection` is `[d_in, d_out]`. Sizes are those of the
/// tensors; the input is neither normalised nor centred. `config.json`, which not every folder has, says where the coder was trained;
/// else the folder's path does. Source: the loader `gemma_3` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum GemmaScope2Format: CoderFormat {
    static let signature = "params.safetensors (Gemma Scope 2)"

    private static let weightsFile = "params.safetensors"
    private static let settingsFile = "config.json"
    private static let skipName = "affine_skip_connection"

    static func recognises(_ source: CoderSource) -> Bool { source.has(weightsFile) }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        var weights = try WeightReader(file: source.path(weightsFile), purpose: "gemma-scope-2")
        let tensors = try GemmaScopeTensors(from: &weights, encoder: "w_enc", decoder: "w_dec")
        let placement = try placement(
            source, widths: (tensors.inputWidth, tensors.outputWidth), latents: tensors.latents)
        let skip =
            weights.has(skipName)
            ? try weights.readTransposed(skipName, rows: tensors.outputWidth, columns: tensors.inputWidth) : nil
        return try tensors.parameters(skip: skip, placement: placement, in: weights)
    }

    /// The places that the settings name, or the path if there are none.
    private static func placement(
        _ source: CoderSource, widths: (input: Int, output: Int), latents: Int
    ) throws(CoderError) -> CoderPlacement {
        let file = source.path(settingsFile)
        let path = GemmaScopePath(source.names).secondPlacement
        guard source.has(settingsFile) else {
            return CoderPlacement(
                isTranscoder: path.map { $0.input != $0.output } ?? (widths.input != widths.output),
                input: path?.input, output: path?.output, hasManyPlaces: true)
        }
        let settings = try SettingsFile(path: file)
        _ = try settings.choice("architecture", of: ["jump_relu"], default: "jump_relu")
        if settings.has("width") {
            let stated = try settings.integer("width", in: 1...Int(Int32.max))
            guard stated == latents else {
                throw settings.fault("width", found: "\(stated)", expected: "\(latents), the latents of the tensors")
            }
        }
        let input = try settings.text("hf_hook_point_in") ?? path?.input
        let output = try settings.text("hf_hook_point_out") ?? path?.output ?? input
        var placement = CoderPlacement(
            isTranscoder: input != output || widths.input != widths.output, input: input, output: output,
            hasManyPlaces: true)
        placement.training = CoderTraining(
            model: try settings.text("model_name").map { $0.replacingOccurrences(of: "gemma-v3", with: "gemma-3") },
            beginsWithBOS: true, latentsPerToken: settings.has("l0") ? try settings.number("l0") : nil)
        return placement
    }
}
