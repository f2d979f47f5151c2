package import LanguageModels
package import SparseCoders

/// Where in a model the latents of a coder write.
package enum WrittenPlace {
    /// The hookpoint to whose activations a latent's decoder row is added if the coder reads `hookpoint`.
    ///
    /// A transcoder writes what its files say, else what the feed-forward layer adds, whichever place it reads.
    package static func hookpoint(
        of coder: SparseCoder, reading hookpoint: Hookpoint, in model: LanguageModel
    ) -> Hookpoint {
        guard coder.placement.isTranscoder else { return hookpoint }
        if case .hookpoint(let name) = coder.placement.outputPlace, let written = Hookpoint(name) {
            return model.representative(of: written)
        }
        return model.representative(of: Hookpoint(block: hookpoint.block, site: .feedForwardNormed))
    }

    /// The reason why nothing can be added where a coder that reads `hookpoint` writes; `nil` if it can.
    package static func refusal(of coder: SparseCoder, reading hookpoint: Hookpoint, in model: LanguageModel) -> String?
    {
        let place = Self.hookpoint(of: coder, reading: hookpoint, in: model)
        guard let reads = try? model.width(at: hookpoint), let writes = try? model.width(at: place) else {
            return "\(hookpoint) is no hookpoint of \(model.name)"
        }
        guard coder.inputWidth == reads, coder.outputWidth == writes else {
            return
                "\(coder.folder) reads \(coder.inputWidth) and writes \(coder.outputWidth) values, but \(hookpoint) is "
                + "\(reads) and \(place) \(writes) wide"
        }
        guard coder.hasDecoder else { return "\(coder.folder): \(CoderError.noDecoder)" }
        guard !coder.placement.isTranscoder || model.addsToResidual(at: place) else {
            return
                "\(coder.folder) writes at \(place), and what is there is not added to the residual stream as it is"
        }
        return nil
    }
}
