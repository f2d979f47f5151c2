public import Elements
public import Hashing

/// A trained sparse coder: how activations of a hookpoint are written as a few active latents out of many.
///
/// Source: Gao et al., "Scaling and evaluating sparse autoencoders" (2024): with `z = TopK(relu(W_enc (x − b_dec) + b_enc))`
/// the reconstruction is `W_decᵀ z + b_dec`. A transcoder does not subtract `b_dec`.
public final class SparseCoder: Sendable {
    /// The folder it was read from.
    public let folder: String
    /// The width of the activations it reads, `d_in`.
    public let inputWidth: Int
    /// The width of its reconstructions.
    public let outputWidth: Int
    /// The number of latents.
    public let latents: Int
    /// The number of latents that are kept per token.
    public let k: Int
    /// A hash of its weights and settings.
    public let digest: Hash128
    /// The memory that its weights take, in bytes; those of the decoder stay in their file.
    public let byteCount: Int

    let parameters: CoderParameters
    let tiling: Tiling

    /// Reads a coder, in whichever known format the folder holds, and checks every weight.
    ///
    /// - Throws: `CoderError` naming file, field or tensor, what was found and what was expected.
    public init(folder: String) throws(CoderError) {
        let parameters = try CoderFormats.load(folder: folder)
        self.folder = folder
        self.parameters = parameters
        inputWidth = parameters.inputWidth
        outputWidth = parameters.outputWidth
        latents = parameters.latents
        k = parameters.k
        digest = parameters.digest
        byteCount = 4 * (parameters.encoder.count + parameters.encoderBias.count + (parameters.skip?.count ?? 0))
        tiling = Tiling(latents: parameters.latents, inputWidth: parameters.inputWidth)
    }

    /// The coder's identity under a node's name, at a hookpoint.
    public func identity(name: String, hookpoint: String) -> CoderIdentity {
        CoderIdentity(name: name, hookpoint: hookpoint, latents: latents, digest: digest)
    }
}
