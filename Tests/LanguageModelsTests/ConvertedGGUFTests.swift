import Elements
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

@Suite struct ConvertedGGUFTests {
    @Test(arguments: ConvertedGGUF.architectures) func aConvertedModelComputesTheSame(architecture: String) throws {
        let golden = try SafetensorsFile(path: GoldenFiles.path("architectures/\(architecture)/golden.safetensors"))
        try ConvertedGGUF(architecture: architecture).with { path in
            let model = try LanguageModel(path: path)
            let known = architecture == "olmo3" ? "olmo2" : ArchitectureGoldenTests.name(architecture)
            #expect(model.configuration.architecture == known)
            let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
            let expected = try #require(golden.tensors["logits"]).floats()
            #expect(relativeError(try pass.logits(of: contexts(golden)).values, expected) < 1e-5)
            let ids = try #require(try contexts(golden, "greedy_ids").first)
            let session = try GenerationSession(model: model)
            #expect(try session.generate(prompt: Array(ids[..<8]), maximumTokens: 12) == Array(ids[8...]))
        }
    }

    @Test func theTwoLargestGemmasScaleScoresInAnotherWay() throws {
        for (architecture, largest) in [("gemma2", 46), ("gemma3", 62)] {
            // Blocks of the largest number by repeating the first ones; only opening them is of interest here.
            for count in [largest - 1, largest] {
                try ConvertedGGUF(architecture: architecture).with(change: { builder in
                    builder.metadata.removeAll { $0.0.hasSuffix("block_count") }
                    builder.metadata.append(("\(architecture).block_count", .integer(UInt32(count))))
                    let block = builder.tensors.filter { $0.name.hasPrefix("blk.0.") }
                    builder.tensors.removeAll { $0.name.hasPrefix("blk.") }
                    for index in 0..<count {
                        builder.tensors += block.map {
                            ("blk.\(index)." + $0.name.dropFirst(6), $0.shape, $0.type, $0.bytes)
                        }
                    }
                }) { path in
                    let configuration = try LanguageModel(path: path).configuration
                    let scalar: Float = count == largest ? 64 / 4 : 24
                    #expect(configuration.attentionScale == 1 / scalar.squareRoot())
                }
            }
        }
    }
}
