extension CoderParameters {
    /// Makes the coder one of activations that it is to see scaled: `x` in place of `scale · x`.
    ///
    /// Encoder rows are multiplied by the scale; decoder rows, the output's bias and what centres the input are divided by that of the
    /// output, which is the same for all but transcoders. Pre-activations, thresholds and codes stay as they are. Source:
    /// `fold_activation_norm_scaling_factor` in `sae_lens/saes/sae.py`, version 6.54.
    mutating func scaleInput(by scale: Double, output: Double? = nil) {
        let (input, inverse) = (Float(scale), Float(1 / (output ?? scale)))
        if case .matrix(let rows) = encoder { encoder = .matrix(rows.map { $0 * input }) }
        inputOffset = inputOffset.map { $0.map { $0 / input } }
        decoderScales = (decoderScales ?? [Float](repeating: 1, count: latents)).map { $0 * inverse }
        outputBias = outputBias.map { $0 * inverse }
        skip = skip.map { $0.map { $0 * input * inverse } }
    }
}
