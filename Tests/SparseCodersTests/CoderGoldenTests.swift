import Elements
import TestSupport
import Testing

@testable import SparseCoders

/// Codes and outputs of SAELens' and sparsify's own coders, and of Gemma Scope's published formula.
@Suite struct CoderGoldenTests {
    @Test(arguments: [
        ("sparsify_topk", ActivationKind.topK, false, false), ("sparsify_groupmax", .groupMax, false, false),
        ("sparsify_transcoder", .topK, true, false), ("sparsify_skip_transcoder", .topK, true, true),
        ("saelens_standard", .relu, false, false), ("saelens_topk", .topK, false, false),
        ("saelens_jumprelu", .jumpReLU, false, false), ("saelens_gated", .gated, false, false),
        ("saelens_transcoder", .relu, true, false), ("saelens_skip_transcoder", .relu, true, true),
        ("saelens_jumprelu_transcoder", .jumpReLU, true, false), ("gemmascope", .jumpReLU, false, false),
    ])
    func codesAndOutputAreThoseOfTheLibrary(
        name: String, activation: ActivationKind, isTranscoder: Bool, hasSkip: Bool
    ) throws {
        let folder = GoldenFiles.path("coders/" + name)
        let input = try Golden.matrix("input", in: folder + "/golden.safetensors")
        let expected = try Golden.matrix("codes", in: folder + "/golden.safetensors")
        let output = try Golden.matrix("output", in: folder + "/golden.safetensors")
        let coder = try SparseCoder(folder: folder)
        #expect(coder.inputWidth == 64 && coder.outputWidth == 64 && coder.latents == 256)
        #expect(coder.activation == activation && coder.hasSkip == hasSkip)
        #expect(coder.placement.isTranscoder == isTranscoder)
        #expect(coder.k == ([.topK, .groupMax].contains(activation) ? 16 : 256))
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
