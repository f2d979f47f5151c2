import Elements
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct GemmaScopeFormatTests {
    /// The same arrays compressed, under the names with a small `w`.
    @Test func compressedArraysGiveTheSameCodes() throws {
        let stored = try SparseCoder(folder: GoldenFiles.path("coders/gemmascope"))
        let compressed = try SparseCoder(folder: GoldenFiles.path("coders/gemmascope_compressed"))
        let input = try Golden.matrix("input", in: GoldenFiles.path("coders/gemmascope/golden.safetensors"))
        let codes = try EncodeWorker(coder: stored).encode(input)
        #expect(try EncodeWorker(coder: compressed).encode(input) == codes)
        #expect(try compressed.reconstruct(codes, input: input) == stored.reconstruct(codes, input: input))
        #expect(compressed.digest != stored.digest)
    }
}
