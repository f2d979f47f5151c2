import WeightFiles

/// The two matrices of a coder, by the names and the order in which a file has them.
struct LinearPair {
    /// How a file has them.
    enum Names {
        /// As linear layers: `encoder.weight` `[latents, d_in]`, `decoder.weight` `[d_out, latents]`.
        case layers
        /// As layers of Goodfire's names: `encoder_linear.weight`, `decoder_linear.weight`, in the same order.
        case linearLayers
        /// `W_enc` `[d_in, latents]`, `W_dec` `[latents, d_out]`.
        case plain
        /// `W_enc` `[latents, d_in]`, `W_dec` `[d_out, latents]`.
        case transposed
        /// `W_enc` `[latents, d_in]`, `W_dec` `[latents, d_out]`.
        case rows

        /// The names of the encoder's and the decoder's matrix.
        var both: (encoder: String, decoder: String) {
            switch self {
            case .layers: ("encoder.weight", "decoder.weight")
            case .linearLayers: ("encoder_linear.weight", "decoder_linear.weight")
            case .plain, .transposed, .rows: ("W_enc", "W_dec")
            }
        }

        var hasEncoderRows: Bool { self != .plain }
        var hasDecoderRows: Bool { self == .plain || self == .rows }
    }

    let inputWidth: Int
    let outputWidth: Int
    let latents: Int
    /// `[latents, d_in]`.
    let encoder: [Float]
    /// `[latents, d_out]`.
    let decoder: DecoderRows

    /// Reads and checks them; sizes are those of the matrices.
    ///
    /// - Throws: `CoderError.tensor` if one is missing, they do not go together or they are too wide.
    init(from weights: inout WeightReader, names: Names) throws(CoderError) {
        let (encoderName, decoderName) = names.both
        let first = try weights.shape(of: encoderName, dimensions: 2)
        let second = try weights.shape(of: decoderName, dimensions: 2)
        (latents, inputWidth) = names.hasEncoderRows ? (first[0], first[1]) : (first[1], first[0])
        outputWidth = names.hasDecoderRows ? second[1] : second[0]
        for (name, width) in [(encoderName, inputWidth), (decoderName, outputWidth)]
        where width > CoderParameters.widest {
            throw weights.fault(name, found: "width \(width)", expected: "at most \(CoderParameters.widest)")
        }
        encoder =
            names.hasEncoderRows
            ? try weights.read(encoderName, shape: [latents, inputWidth])
            : try weights.readTransposed(encoderName, rows: latents, columns: inputWidth)
        decoder =
            names.hasDecoderRows
            ? .file(try weights.check(decoderName, shape: [latents, outputWidth]))
            : .matrix(try weights.readTransposed(decoderName, rows: latents, columns: outputWidth))
    }
}
