import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing

@Suite struct RaggedBatchTests {
    @Test(arguments: ArchitectureGoldenTests.architectures)
    func contextsTogetherGiveTheBitsThatEachGivesAlone(architecture: String) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        #expect(model.batchMode() == .ragged)
        let hookpoints = [Hookpoint(block: 1, site: .attention), Hookpoint(block: 2, site: .residual)]
        let contexts = [7, 1, 30, 0, 64, 13, 2, 25].enumerated().map { index, length in
            ForwardPassTests.context(length, seed: UInt32(index))
        }
        let ragged = try ForwardPass(model: model, hookpoints: hookpoints, mode: .ragged)
        let separate = try ForwardPass(model: model, hookpoints: hookpoints, mode: .perContext)
        let together = try ragged.activations(of: contexts)
        let reversed = try ragged.activations(of: contexts.reversed())
        let alone = try separate.activations(of: contexts)
        for hookpoint in hookpoints {
            let expected = try #require(alone[hookpoint.description])
            let found = try #require(together[hookpoint.description])
            #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
            // The last context stands first in the reversed batch.
            let last = try #require(reversed[hookpoint.description]).values.prefix(25 * found.columns)
            #expect(last.map(\.bitPattern) == found.values.suffix(25 * found.columns).map(\.bitPattern))
        }
        let both = [try ragged.logits(of: contexts), try separate.logits(of: contexts)]
        #expect(both[0] == both[1])
    }
}
