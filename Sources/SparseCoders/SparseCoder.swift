public import Elements
public import Hashing

/// A sparse coder: how activations of a hookpoint are written as a few active latents out of many.
///
/// With `z = W_enc (x − b_dec) + b_enc` and activations `a` of `z`, the reconstruction is `W_decᵀ a + b_dec`. A transcoder does not
/// subtract `b_dec`, and what it reconstructs is another place than it reads.
public final class SparseCoder: Sendable {
    /// The folder or file it was read from, with `#layer` for one of a set; `neurons` or `random` for a coder without files.
    public let folder: String
    /// The width of the activations it reads, `d_in`.
    public let inputWidth: Int
    /// The width of its reconstructions.
    public let outputWidth: Int
    /// The number of latents.
    public let latents: Int
    /// How latents become active.
    public let activation: ActivationKind
    /// The most latents that can be active on a token: k of TopK, the number of groups, or `SparseCodes.mostActive(latents:)`.
    public let k: Int
    /// Whether its latents have directions: all but those of cross-layer transcoders do.
    public let hasDecoder: Bool
    /// Whether its output has a part that is linear in the input.
    public let hasSkip: Bool
    /// The places where it was trained to read and write.
    public let placement: CoderPlacement
    /// A hash of its weights and settings.
    public let digest: Hash128
    /// The memory that its weights take, in bytes; those of the decoder stay in their file.
    public let byteCount: Int

    let parameters: CoderParameters
    let tiling: Tiling

    /// Reads a coder, in whichever known format the folder holds, and checks every weight.
    ///
    /// - Parameters:
    ///   - folder: Its folder or file, with `#layer` for one of a set: see `CoderAddress`.
    ///   - given: What its files leave open.
    /// - Throws: `CoderError` naming file, field or tensor, what was found and what was expected.
    public convenience init(folder: String, given: CoderGivens = CoderGivens()) throws(CoderError) {
        let parameters = try CoderFormats.load(CoderAddress(folder), given: given)
        self.init(folder: folder, parameters: parameters)
    }

    /// Why there is no coder at an address where no file or folder is.
    public static func reasonForNone(at address: String) -> String {
        guard
            case .notThere(_, let reason) = MissingCoder(CoderSource(CoderAddress(address), given: CoderGivens())).error
        else { return "no sparse coder is there" }
        return reason
    }

    /// Whether a coder at an address has directions, told by the names of its files: all but cross-layer transcoders have.
    public static func hasDecoder(at address: String) -> Bool {
        let source = CoderSource(CoderAddress(address), given: CoderGivens())
        return !CrossLayerFormat.recognises(source) && !GemmaScopeCrossLayerFormat.recognises(source)
    }

    init(folder: String, parameters: CoderParameters) {
        self.folder = folder
        self.parameters = parameters
        inputWidth = parameters.inputWidth
        outputWidth = parameters.outputWidth
        latents = parameters.latents
        activation = parameters.activation.kind
        k = parameters.activation.most(of: parameters.latents)
        if case .none = parameters.decoder { hasDecoder = false } else { hasDecoder = true }
        hasSkip = parameters.skip != nil
        placement = parameters.placement
        digest = parameters.digest
        byteCount =
            parameters.encoder.byteCount + parameters.decoder.byteCount
            + 4 * (parameters.encoderBias.count + (parameters.skip?.count ?? 0))
        tiling =
            switch parameters.encoder {
            case .matrix: Tiling(latents: parameters.latents, inputWidth: parameters.inputWidth)
            case .neurons: Tiling.copying
            }
    }

    /// The coder's identity under a node's name, at a hookpoint.
    public func identity(name: String, hookpoint: String) -> CoderIdentity {
        CoderIdentity(name: name, hookpoint: hookpoint, latents: latents, digest: digest)
    }
}
