import Elements
import Testing

@testable import SparseCoders

/// Codes and outputs of sparsify's own coders.
@Suite struct SparsifyGoldenTests {
    @Test(arguments: ["sparsify_topk", "sparsify_transcoder", "sparsify_skip_transcoder"])
    func codesAndOutputAreThoseOfTheLibrary(name: String) throws {
        let folder = Golden.folder + "/coders/" + name
        let input = try Golden.matrix("input", in: folder + "/golden.safetensors")
        let expected = try Golden.matrix("codes", in: folder + "/golden.safetensors")
        let output = try Golden.matrix("output", in: folder + "/golden.safetensors")
        let coder = try SparseCoder(folder: folder)
        #expect(coder.inputWidth == 64 && coder.latents == 256 && coder.k == 16)
        let codes = try EncodeWorker(coder: coder).encode(input)
        let dense = codes.dense(latents: coder.latents)
        #expect(dense.rows == expected.rows && dense.columns == expected.columns)
        for (found, wanted) in zip(dense.values, expected.values) {
            #expect((found > 0) == (wanted > 0))
            #expect(abs(found - wanted) <= 1e-5)
        }
        let reconstruction = try coder.reconstruct(codes, input: input)
        #expect(reconstruction.rows == output.rows && reconstruction.columns == output.columns)
        for (found, wanted) in zip(reconstruction.values, output.values) { #expect(abs(found - wanted) <= 1e-5) }
    }
}
