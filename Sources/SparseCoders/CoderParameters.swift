import Hashing

/// The weights and settings of a coder, whatever file format they came from.
struct CoderParameters: Sendable {
    /// The widest input and output: encoding takes memory for some 1,000 rows of them, whatever the size of the file.
    static let widest = 1 << 17

    /// The width of the input, `d_in`.
    let inputWidth: Int
    /// The width of the reconstruction; that of the input but for some transcoders.
    let outputWidth: Int
    /// The number of latents.
    let latents: Int
    /// Which latents are active.
    let activation: LatentActivation
    /// The normalization of the input before it is centred.
    var normalization = InputNormalization.none
    /// Whether the reconstruction is brought back to the scale of the input; transcoders write to another place.
    var denormalizesOutput = false
    /// The linear part of the encoder.
    var encoder: EncoderMap
    /// `[latents]`.
    let encoderBias: [Float]
    /// `[d_in]`, subtracted from the input; `nil` if the coder does not centre it.
    var inputOffset: [Float]?
    /// `[latents, d_out]`.
    let decoder: DecoderRows
    /// `[latents]`, what the rows of the decoder are to be multiplied by; `nil` if they are used as they are.
    var decoderScales: [Float]?
    /// `[d_out]`, added to the reconstruction.
    var outputBias: [Float]
    /// `[d_out, d_in]`: the part of the output that is linear in the input; `nil` if there is none.
    var skip: [Float]?
    /// The places where the coder reads and writes.
    var placement = CoderPlacement()
    /// A hash of weights and settings.
    let digest: Hash128
}
