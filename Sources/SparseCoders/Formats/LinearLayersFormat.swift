import Foundation

/// The format of Goodfire's coders and of those of DeepSeek R1: one `.pt` or `.pth` file of two linear layers with biases, ReLU between them.
///
/// `encoder_linear.weight`, or `encoder.weight`, is `[latents, d_in]`, the decoder's `[d_out, latents]`; the input is not centred. The file's
/// name ends in the layer whose residual stream they read: `…-SAE-l19.pth`. Source: the loaders `goodfire` and `deepseek_r1` in
/// `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
enum LinearLayersFormat: CoderFormat {
    static let signature = "one .pt or .pth file (Goodfire; written by its file)"

    static func recognises(_ source: CoderSource) -> Bool {
        source.isFile && (source.folder.hasSuffix(".pt") || source.folder.hasSuffix(".pth"))
            && source.names.last != "ae.pt"
    }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        var weights = try WeightReader(pyTorchFile: source.folder, purpose: "linear-layers")
        let isNamedLinear = weights.has("encoder_linear.weight")
        let matrices = try LinearPair(from: &weights, names: isNamedLinear ? .linearLayers : .layers)
        let ending = isNamedLinear ? "_linear.bias" : ".bias"
        let bias = try weights.read("encoder" + ending, shape: [matrices.latents])
        let outputBias = try weights.read("decoder" + ending, shape: [matrices.outputWidth])
        try weights.finish()
        return CoderParameters(
            inputWidth: matrices.inputWidth, outputWidth: matrices.outputWidth, latents: matrices.latents,
            activation: .relu, encoder: .matrix(matrices.encoder), encoderBias: bias, inputOffset: nil,
            decoder: matrices.decoder, outputBias: outputBias,
            placement: CoderPlacement(
                input: layer(in: source.names.last ?? "").map { "blocks.\($0).hook_resid_post" }, hasManyPlaces: true),
            digest: weights.digest())
    }

    /// The number after the last `l` that stands between other characters than letters: `…-SAE-l50.pt`.
    private static func layer(in name: Substring) -> Int? {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        return words.reversed().lazy.compactMap { word in
            word.first == "l" && word.count > 1 ? Int(word.dropFirst()) : nil
        }.first
    }
}
