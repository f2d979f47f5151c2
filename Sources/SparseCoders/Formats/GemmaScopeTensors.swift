import WeightFiles

/// The tensors that coders of both Gemma Scopes have: a JumpReLU coder whose input is neither normalised nor centred.
///
/// The encoder is `[d_in, latents]` in the file, the decoder `[latents, d_out]`; sizes are those of the tensors.
struct GemmaScopeTensors {
    let inputWidth: Int
    let outputWidth: Int
    let latents: Int
    private let encoder: [Float]
    private let encoderBias: [Float]
    private let thresholds: [Float]
    private let decoder: Tensor
    private let outputBias: [Float]

    /// Reads and checks them; other tensors of the file are left to the caller.
    init(from weights: inout WeightReader, encoder: String, decoder: String) throws(CoderError) {
        let sizes = try weights.shape(of: encoder, dimensions: 2)
        (inputWidth, latents) = (sizes[0], sizes[1])
        outputWidth = try weights.shape(of: decoder, dimensions: 2)[1]
        guard max(inputWidth, outputWidth) <= CoderParameters.widest else {
            throw weights.fault(
                inputWidth > outputWidth ? encoder : decoder, found: "width \(max(inputWidth, outputWidth))",
                expected: "at most \(CoderParameters.widest)")
        }
        self.encoder = try weights.readTransposed(encoder, rows: latents, columns: inputWidth)
        encoderBias = try weights.read("b_enc", shape: [latents])
        thresholds = try weights.read("threshold", shape: [latents])
        self.decoder = try weights.check(decoder, shape: [latents, outputWidth])
        outputBias = try weights.read("b_dec", shape: [outputWidth])
    }

    /// The coder, once everything in the file has been read.
    func parameters(
        skip: [Float]? = nil, placement: CoderPlacement, in weights: WeightReader
    ) throws(CoderError) -> CoderParameters {
        try weights.finish()
        return CoderParameters(
            inputWidth: inputWidth, outputWidth: outputWidth, latents: latents,
            activation: .jumpReLU(thresholds: thresholds), encoder: .matrix(encoder), encoderBias: encoderBias,
            inputOffset: nil, decoder: .file(decoder), outputBias: outputBias, skip: skip, placement: placement,
            digest: weights.digest())
    }
}
