import Elements
import Explaining
import LanguageModels
import SparseCoders
import TestSupport
import Testing

@testable import Stages

/// What latents of a small coder promote in small models.
@Suite struct TokenPromotionTests {
    /// A word for every token.
    private struct Words: TokenDecoder {
        var count: Int { 512 }
        func bytes(of token: UInt32) -> [UInt8] { Array(" word\(token)".utf8) }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private func promotion(
        _ architecture: String, at site: Hookpoint.Site
    ) throws -> (TokenPromotion?, LanguageModel, SparseCoder) {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/sparsify_topk"))
        let promotion = TokenPromotion(
            model: model, coder: coder, hookpoint: Hookpoint(block: 1, site: site), tokenDecoder: Words())
        return (promotion, model, coder)
    }

    /// Latents in any order and more than are done together each get the tokens of their own row.
    @Test func eachLatentGetsTheTokensOfItsOwnDecoderRow() throws {
        let (found, model, coder) = try promotion("llama", at: .residual)
        let promotion = try #require(found)
        let latents = Array((0..<(BatchSizes.promotedAtOnce + 5)).reversed())
        let tokens = try promotion.tokens(of: latents, most: 3)
        #expect(tokens.keys.sorted() == latents.sorted())
        for latent in latents {
            var row = Matrix(rows: 1, columns: coder.outputWidth)
            row.values = try coder.decoderRow(latent)
            let changes = try model.promotion(by: row)
            #expect(tokens[latent] == PromotedTokens(changes: changes.values, most: 3, tokenDecoder: Words()))
        }
        #expect(throws: CoderError.self) { try promotion.tokens(of: [coder.latents], most: 3) }
    }

    /// The head reads the residual stream, so it tells nothing of what is not added to that as it is.
    @Test(arguments: [
        ("llama", Hookpoint.Site.residual, true), ("llama", .feedForward, true), ("llama", .feedForwardInput, false),
        ("gemma2", .feedForward, false),
    ]) func itIsKnownWhereTheCoderWritesTheResidualStream(architecture: String, site: Hookpoint.Site, isKnown: Bool)
        throws
    {
        #expect(try (promotion(architecture, at: site).0 != nil) == isKnown)
    }
}
