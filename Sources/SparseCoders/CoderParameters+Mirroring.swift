extension CoderParameters {
    /// A coder whose latents are the two sides of this one's: latent `i` is the positive side of latent `i`, `latents + i` the negative.
    ///
    /// The `k` largest positive values of both sides are the `k` largest magnitudes, and a negative activation times its decoder row is its
    /// magnitude times the row turned round. A latent that means one thing where it is positive and another where it is negative is so
    /// explained side by side. Source: `sae_lens/saes/abstopk_sae.py`, version 6.54 (arXiv 2510.00404).
    func mirrored() -> CoderParameters {
        guard case .matrix(let rows) = encoder else { return self }
        var scales = decoderScales ?? [Float](repeating: 1, count: latents)
        scales += scales.map { -$0 }
        return CoderParameters(
            inputWidth: inputWidth, outputWidth: outputWidth, latents: 2 * latents, activation: activation,
            normalization: normalization, denormalizesOutput: denormalizesOutput,
            encoder: .matrix(rows + rows.map { -$0 }), encoderBias: encoderBias + encoderBias.map { -$0 },
            inputOffset: inputOffset, decoder: .mirrored(decoder, latents: latents), decoderScales: scales,
            outputBias: outputBias, skip: skip, placement: placement, digest: digest)
    }
}
