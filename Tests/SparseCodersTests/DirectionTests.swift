import Elements
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct DirectionTests {
    @Test func directionsAreRowsOfTheWeights() throws {
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/saelens_standard"))
        let file = GoldenFiles.path("coders/saelens_standard/sae_weights.safetensors")
        let (encoder, decoder) = (try Golden.matrix("W_enc", in: file), try Golden.matrix("W_dec", in: file))
        for latent in [0, 17, 255] {
            #expect(try coder.encoderRow(latent) == (0..<64).map { encoder.values[$0 * 256 + latent] })
            #expect(try coder.decoderRow(latent) == Array(decoder.values[latent * 64..<(latent + 1) * 64]))
        }
        for latent in [-1, 256] {
            #expect(throws: CoderError.noSuchLatent(latent: latent, latents: 256)) { try coder.encoderRow(latent) }
        }
        for latent in [-1, 256, Int.max] {
            #expect(throws: CoderError.noSuchLatent(latent: latent, latents: 256)) { try coder.decoderRow(latent) }
        }
    }

    @Test(arguments: ["saelens_gated", "gemmascope", "sparsify_topk"])
    func manyRowsAreTheSameAsOneByOne(name: String) throws {
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/" + name))
        let (encoder, decoder) = (try coder.encoderRows(7..<20), try coder.decoderRows(7..<20))
        #expect(encoder.rows == 13 && decoder.rows == 13)
        #expect(try encoder.values == (7..<20).flatMap { try coder.encoderRow($0) })
        #expect(try decoder.values == (7..<20).flatMap { try coder.decoderRow($0) })
        #expect(try coder.decoderRows(300..<300).rows == 0)
        for range in [-1..<3, 250..<257, 256..<300] {
            #expect(throws: CoderError.self) { try coder.decoderRows(range) }
            #expect(throws: CoderError.self) { try coder.encoderRows(range) }
        }
    }

    /// So large that the file is read in parts.
    @Test func aMatrixIsTransposedInParts() throws {
        let folder = try SAELensFolder("standard", width: 40, latents: 5000)
        let (coder, encoder) = (try folder.coder(), folder.values("W_enc"))
        for latent in 0..<5000 {
            #expect(try coder.encoderRow(latent) == (0..<40).map { encoder[$0 * 5000 + latent] })
        }
    }
}
