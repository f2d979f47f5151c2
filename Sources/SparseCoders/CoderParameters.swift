import Hashing
import WeightFiles

/// The weights and settings of a coder, whatever file format they came from.
struct CoderParameters: Sendable {
    /// The width of the input, `d_in`.
    let inputWidth: Int
    /// The width of the reconstruction; that of the input but for some transcoders.
    let outputWidth: Int
    /// The number of latents.
    let latents: Int
    /// The number of latents kept per row.
    let k: Int
    /// `[latents, d_in]` row-major: a latent's row is its direction in the input.
    let encoder: [Float]
    /// `[latents]`.
    let encoderBias: [Float]
    /// `[d_in]`, subtracted from the input; `nil` where the coder does not centre it.
    let inputOffset: [Float]?
    /// `[latents, d_out]`; stays in its file, since encoding has no use for it.
    let decoder: Tensor
    /// `[d_out]`, added to the reconstruction.
    let outputBias: [Float]
    /// `[d_out, d_in]`: the part of the output that is linear in the input; `nil` where there is none.
    let skip: [Float]?
    /// A hash of weights and settings.
    let digest: Hash128
}
