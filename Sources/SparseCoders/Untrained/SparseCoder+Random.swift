import Hashing

extension SparseCoder {
    /// A coder that knows nothing: directions at random, the control for a trained one.
    ///
    /// A latent's direction is a normal random vector of length 1, the decoder the encoder's transpose, all biases are 0, and the `k`
    /// largest positive products of a token are kept. Equal arguments give equal weights, bit by bit, on every machine; a latent's
    /// direction depends on width and seed only.
    ///
    /// - Parameters:
    ///   - inputWidth: The width of the activations.
    ///   - latents: The number of latents.
    ///   - k: The most latents that are active on a token.
    ///   - seed: What the directions are drawn from.
    /// - Throws: `CoderError.shape` if a size is not positive, too large, or too large for memory together.
    public static func random(inputWidth: Int, latents: Int, k: Int, seed: UInt64) throws(CoderError) -> SparseCoder {
        try checkShape("random coder", width: inputWidth, latents: latents, k: k)
        let (count, overflows) = inputWidth.multipliedReportingOverflow(by: latents)
        guard !overflows, count <= Self.mostRandomWeights else {
            throw .shape(
                what: "random coder", found: "\(latents) latents of width \(inputWidth)",
                expected: "at most \(Self.mostRandomWeights) weights")
        }
        var weights = [Float](repeating: 0, count: count)
        weights.withUnsafeMutableBufferPointer { weights in
            for latent in 0..<latents {
                let row = weights[latent * inputWidth..<(latent + 1) * inputWidth]
                GaussianRow.write(seed: seed, row: latent, to: UnsafeMutableBufferPointer(rebasing: row))
            }
        }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        hasher.update(text: "random")
        for size in [inputWidth, latents, k] { hasher.update(UInt64(size)) }
        hasher.update(seed)
        return SparseCoder(
            folder: "random",
            parameters: CoderParameters(
                inputWidth: inputWidth, outputWidth: inputWidth, latents: latents, activation: .topK(k),
                encoder: .matrix(weights), encoderBias: [Float](repeating: 0, count: latents), inputOffset: nil,
                decoder: .encoder(weights), outputBias: [Float](repeating: 0, count: inputWidth),
                digest: hasher.finalize128()))
    }

    /// A random coder of the shape of another.
    ///
    /// - Parameters:
    ///   - coder: The coder whose width and number of latents are taken.
    ///   - k: The most latents that are active on a token; by default that of the other, or 50 if it has no fixed number.
    ///   - seed: What the directions are drawn from.
    /// - Throws: As `random(inputWidth:latents:k:seed:)`.
    public static func random(
        like coder: SparseCoder, k: Int? = nil, seed: UInt64
    ) throws(CoderError) -> SparseCoder {
        let hasFixedNumber = coder.activation == .topK || coder.activation == .groupMax
        return try random(
            inputWidth: coder.inputWidth, latents: coder.latents,
            k: k ?? (hasFixedNumber ? coder.k : min(50, coder.latents)), seed: seed)
    }

    /// 8 GiB of them.
    private static let mostRandomWeights = 1 << 31
}
