import Foundation

/// The format of Connor Kissane's and Rob Krzyzanowski's coders of GPT-2's attention: `NAME.pt` beside `NAME_cfg.json`.
///
/// `W_enc` is `[d_in, latents]`, `W_dec` `[latents, d_in]`; the input is centred. Source: the loader `connor_rob_hook_z` in
/// `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum HeadsFormat: CoderFormat {
    static let signature = "NAME.pt and NAME_cfg.json (attention coders of GPT-2)"

    static func recognises(_ source: CoderSource) -> Bool {
        source.isFile && source.folder.hasSuffix(".pt")
            && FileManager.default.fileExists(atPath: settingsPath(of: source))
    }

    private static func settingsPath(of source: CoderSource) -> String { source.folder.dropLast(3) + "_cfg.json" }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        let settings = try SettingsFile(path: settingsPath(of: source))
        var weights = try WeightReader(pyTorchFile: source.folder, purpose: "heads")
        let matrices = try LinearPair(from: &weights, names: .plain)
        let (width, latents) = (matrices.inputWidth, matrices.latents)
        for (field, size) in [("act_size", width), ("dict_size", latents)] where settings.has(field) {
            let found = try settings.integer(field, in: 1...Int(Int32.max))
            guard found == size else {
                throw settings.fault(field, found: "\(found)", expected: "\(size), as the tensors have it")
            }
        }
        let bias = try weights.read("b_enc", shape: [latents])
        let outputBias = try weights.read("b_dec", shape: [matrices.outputWidth])
        try weights.finish()
        guard matrices.outputWidth == width else {
            throw weights.fault("W_dec", found: "width \(matrices.outputWidth)", expected: "width \(width)")
        }
        return CoderParameters(
            inputWidth: width, outputWidth: width, latents: latents, activation: .relu,
            encoder: .matrix(matrices.encoder), encoderBias: bias, inputOffset: outputBias, decoder: matrices.decoder,
            outputBias: outputBias,
            placement: CoderPlacement(input: try settings.text("act_name"), hasManyPlaces: true),
            digest: weights.digest())
    }
}
