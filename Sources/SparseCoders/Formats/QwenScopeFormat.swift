import Foundation

/// The format of Qwen Scope: `layerN.sae.pt`, a TopK coder without settings.
///
/// `W_enc` is `[latents, d_in]`, `W_dec` `[d_in, latents]`; the input is not centred. The file's name says the layer, the repository's the
/// latents kept on a token: `SAE-Res-Qwen3-1.7B-Base-W32K-L0_50`. Source: the loader `qwen_scope` in
/// `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum QwenScopeFormat: CoderFormat {
    static let signature = "layerN.sae.pt (Qwen Scope; written folder#N, or by its file)"

    static let fileName = LayerFile(prefix: "layer", ending: ".sae.pt")

    static func recognises(_ source: CoderSource) -> Bool { file(of: source) != nil }

    /// The layer and its file.
    private static func file(of source: CoderSource) -> (layer: Int, path: String)? {
        if let layer = source.address.layer {
            let name = fileName.name(layer)
            return source.has(name) ? (layer, source.path(name)) : nil
        }
        guard source.isFile, let layer = source.names.last.flatMap({ LayerFile.layer(of: $0, fileName) }) else {
            return nil
        }
        return (layer, source.folder)
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        guard let (layer, path) = file(of: source) else { throw MissingCoder(source).error }
        var weights = try WeightReader(pyTorchFile: path, purpose: "qwen-scope")
        let matrices = try LinearPair(from: &weights, names: .transposed)
        let (width, latents) = (matrices.inputWidth, matrices.latents)
        let k = try source.k(of: statedK(source.names), latents: latents, saidBy: "the folder's name (…-L0_50)")
        weights.note(setting: "k", UInt64(k))
        let bias = try weights.read("b_enc", shape: [latents])
        let outputBias = try weights.read("b_dec", shape: [matrices.outputWidth])
        try weights.finish()
        return CoderParameters(
            inputWidth: width, outputWidth: matrices.outputWidth, latents: latents, activation: .topK(k),
            encoder: .matrix(matrices.encoder), encoderBias: bias, inputOffset: nil, decoder: matrices.decoder,
            outputBias: outputBias, placement: CoderPlacement(input: "blocks.\(layer).hook_resid_post"),
            digest: weights.digest())
    }

    /// The number at the end of the repository's name.
    private static func statedK(_ names: [Substring]) -> Int? {
        names.reversed().lazy.compactMap { name in
            name.range(of: "-L0_", options: .backwards).flatMap { Int(name[$0.upperBound...]) }
        }.first
    }
}
