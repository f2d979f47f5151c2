import Elements
import Testing

@testable import SparseCoders

@Suite struct GemmaScopeFormatTests {
    /// The same arrays compressed, under the names with a small `w`.
    @Test func compressedArraysGiveTheSameCodes() throws {
        let stored = try SparseCoder(folder: Golden.folder + "/coders/gemmascope")
        let compressed = try SparseCoder(folder: Golden.folder + "/coders/gemmascope_compressed")
        let input = try Golden.matrix("input", in: Golden.folder + "/coders/gemmascope/golden.safetensors")
        let codes = try EncodeWorker(coder: stored).encode(input)
        #expect(try EncodeWorker(coder: compressed).encode(input) == codes)
        #expect(try compressed.reconstruct(codes, input: input) == stored.reconstruct(codes, input: input))
        #expect(compressed.digest != stored.digest)
    }
}
