package import Elements
package import Explaining
package import LanguageModels
package import SparseCoders

/// Tells which tokens latents promote: their decoder rows seen through the subject's last norm and head.
package struct TokenPromotion: Sendable {
    private let model: LanguageModel
    private let coder: SparseCoder
    private let tokenDecoder: any TokenDecoder

    /// Brings a model, a coder and the tokens' text together; `nil` if the head tells nothing of what the coder writes.
    ///
    /// It does if what the coder writes at its hookpoint is added to the residual stream as it is.
    package init?(model: LanguageModel, coder: SparseCoder, hookpoint: Hookpoint, tokenDecoder: any TokenDecoder) {
        let place = WrittenPlace.hookpoint(of: coder, reading: hookpoint, in: model)
        guard coder.outputWidth == model.configuration.width, model.addsToResidual(at: place) else { return nil }
        self.model = model
        self.coder = coder
        self.tokenDecoder = tokenDecoder
    }

    /// How much a latent raises each token's logit, `[vocabulary]`; reads files and multiplies, so it blocks.
    ///
    /// - Throws: `CoderError` or `ModelError` if weights cannot be read.
    package func changes(by latent: Int) throws -> [Float] {
        var row = Matrix(rows: 1, columns: coder.outputWidth)
        row.values.replaceSubrange(0..<row.columns, with: try coder.decoderRow(latent))
        return try model.promotion(by: row).values
    }

    /// What each of some latents promotes, at most `most` tokens on each side; reads files and multiplies, so it blocks.
    ///
    /// - Throws: `CoderError` or `ModelError` if weights cannot be read.
    package func tokens(of latents: [Int], most: Int) throws -> [Int: PromotedTokens] {
        var found: [Int: PromotedTokens] = [:]
        for latents in latents.chunks(of: BatchSizes.promotedAtOnce) {
            var rows = Matrix(rows: latents.count, columns: coder.outputWidth)
            for (row, latent) in latents.enumerated() {
                rows.values.replaceSubrange(
                    row * rows.columns..<(row + 1) * rows.columns, with: try coder.decoderRow(latent))
            }
            let changes = try model.promotion(by: rows)
            for (row, latent) in latents.enumerated() {
                found[latent] = PromotedTokens(
                    changes: changes.values[row * changes.columns..<(row + 1) * changes.columns], most: most,
                    tokenDecoder: tokenDecoder)
            }
        }
        return found
    }
}
