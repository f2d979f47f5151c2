import Hashing

extension SparseCoder {
    /// An MLP's own neurons as a coder of the activations at `layers.N.mlp.neurons`: per token the `k` most active ones.
    ///
    /// Encoder and decoder rows are unit vectors among the neurons, `[width]`, negative for the negative side of a neuron. Of equal
    /// activations that of the lower latent is kept.
    ///
    /// - Parameters:
    ///   - width: The number of neurons.
    ///   - k: The most latents that are active on a token, commonly 32 or 256.
    ///   - sides: Which sides of a neuron's activation are latents, and their numbering.
    /// - Throws: `CoderError.shape` if there is no neuron or too many, or `k` is not from 1 to `SparseCodes.mostActive(latents:)`.
    public static func neurons(
        width: Int, k: Int, sides: NeuronSides = .positive
    ) throws(CoderError) -> SparseCoder {
        // Widths beyond the limit are refused; they are cut here so that their double does not overflow.
        let latents = sides.latents(width: min(max(width, 0), Int(Int32.max)))
        try checkShape("neurons", width: width, latents: latents, k: k)
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(text: "neurons")
        for size in [width, k] { hasher.update(UInt64(size)) }
        hasher.update(text: sides.rawValue)
        return SparseCoder(
            folder: "neurons",
            parameters: CoderParameters(
                inputWidth: width, outputWidth: width, latents: latents, activation: .topK(k),
                encoder: .neurons(sides), encoderBias: [Float](repeating: 0, count: latents), inputOffset: nil,
                decoder: .neurons(sides), outputBias: [Float](repeating: 0, count: width),
                digest: hasher.finalize128()))
    }

    /// Checks the sizes of a coder that no file describes.
    static func checkShape(_ what: String, width: Int, latents: Int, k: Int) throws(CoderError) {
        let limits = [("width", width, CoderParameters.widest), ("latents", latents, Int(Int32.max))]
        for (name, size, limit) in limits where !(1...limit).contains(size) {
            throw .shape(what: "\(name) of \(what)", found: "\(size)", expected: "1 to \(limit)")
        }
        let most = SparseCodes.mostActive(latents: latents)
        guard (1...most).contains(k) else {
            throw .shape(what: "k of \(what)", found: "\(k)", expected: "1 to \(most)")
        }
    }
}
