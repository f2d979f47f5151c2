import Testing

@testable import Benchmarks

@Suite struct ModelWorkTests {
    /// SmolLM2-135M: 9 heads of 64, 3 of keys and values, 30 blocks.
    private let smol = ModelWork(
        width: 576, blocks: 30, heads: 9, keyValueHeads: 3, headWidth: 64, feedForwardWidth: 1536, isGated: true,
        vocabulary: 49_152)

    @Test func aBlockHasTheParametersOfItsMatrices() {
        // Queries, keys and values: 576 · (576 + 192 + 192). Output: 576². Gate, up and down: 3 · 576 · 1536.
        #expect(smol.blockParameters == 552_960 + 331_776 + 2_654_208)
        #expect(smol.headParameters == 28_311_552)
    }

    @Test func theForwardPassOfSmolLM2Takes221MillionOperationsAToken() {
        // 2 · 3,538,944 · 30 for the layers; 2 · 2 · 576 · 128.5 · 30 for the causal half of attention over 256 tokens.
        #expect(smol.perToken(blocks: 30, context: 256) == 212_336_640 + 8_881_920)
        #expect((smol.perToken(blocks: 30, context: 256) / 1e6).rounded() == 221)
    }

    @Test func textToCodesAtLayer10Takes86MillionOperationsAToken() {
        let encoding = ModelWork.encoding(width: 576, latents: 4096)
        #expect(encoding == 4_718_592)
        let total = smol.perToken(blocks: 11, context: 256) + encoding
        #expect((total / 1e5).rounded() == 858)
    }

    @Test func attentionIsCountedAsTheSumOverQueries() {
        let layers = Double(2 * smol.blockParameters)
        for context in [1, 2, 7, 256] {
            // Each query with itself and the keys before it, and as many weights with values.
            let products = (1...context).map { 2 * 2 * 576 * $0 }.reduce(0, +)
            let counted = (smol.perToken(blocks: 1, context: context) - layers) * Double(context)
            #expect(counted == Double(products))
        }
    }

    @Test func aModelWithoutGateHasOneProductLess() {
        let plain = ModelWork(
            width: 8, blocks: 1, heads: 2, keyValueHeads: 2, headWidth: 4, feedForwardWidth: 32, isGated: false,
            vocabulary: 10)
        #expect(plain.blockParameters == 8 * 24 + 8 * 8 + 2 * 8 * 32)
    }

    @Test func decodingTakesTheLogitsAndAllKeysToo() {
        let first = 30 * (2 * 3_538_944 + 4 * 576) + 2 * 28_311_552
        #expect(smol.decoding(after: 0) == Double(first))
        #expect(smol.decoding(after: 99) == Double(first + 30 * 4 * 576 * 99))
    }
}
