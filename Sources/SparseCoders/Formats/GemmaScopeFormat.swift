import WeightFiles

/// The format of Gemma Scope: `params.npz`, a JumpReLU coder without settings.
///
/// Sizes are those of the arrays. The input is not centred. Where it was trained the path tells. Source: Lieberum et al., "Gemma Scope"
/// (2024), and the loader `gemma_2` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54, which also knows the names with a
/// small `w`.
enum GemmaScopeFormat: CoderFormat {
    static let signature = "params.npz (Gemma Scope)"

    private static let file = "params.npz"
    private static let scaleName = "scaling_factor"

    static func recognises(_ source: CoderSource) -> Bool { source.has(file) }

    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters {
        var weights = try WeightReader(file: source.path(file), purpose: "gemma-scope") {
            path throws(WeightFileError) in
            try NumPyArchive(path: path).arrays
        }
        let names = weights.has("W_enc") ? (encoder: "W_enc", decoder: "W_dec") : (encoder: "w_enc", decoder: "w_dec")
        let tensors = try GemmaScopeTensors(from: &weights, encoder: names.encoder, decoder: names.decoder)
        let path = GemmaScopePath(source.names)
        // Some files have it without using it.
        if weights.has(scaleName) { try weights.expectOnes(scaleName) }
        var placement = CoderPlacement(
            isTranscoder: path.placement.map { $0.input != $0.output } ?? (tensors.outputWidth != tensors.inputWidth),
            input: path.placement?.input, output: path.placement?.output, hasManyPlaces: true)
        placement.training.latentsPerToken = path.latentsPerToken
        var parameters = try tensors.parameters(placement: placement, in: weights)
        // They were trained on embeddings before these are scaled by the root of their width.
        if path.isOfEmbeddings { parameters.scaleInput(by: 1 / Double(parameters.inputWidth).squareRoot()) }
        return parameters
    }
}
