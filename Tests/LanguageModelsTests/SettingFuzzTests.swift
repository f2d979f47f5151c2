import Elements
import Foundation
import LanguageModels
import LinearAlgebra
import Testing

/// Every setting of every architecture with values of every kind: a model that computes, or an error; never a trap.
@Suite struct SettingFuzzTests {
    @Test(arguments: ArchitectureGoldenTests.architectures) func noSettingTraps(architecture: String) throws {
        let folder = try ModelFolder(architecture)
        var original: [String: Any] = [:]
        try folder.changeSettings { original = $0 }
        let values: [Any] = [
            NSNull(), true, 0, 1, -1, 0.3, 1e300, Int.max, Int.min, "sliding_attention", ["x"],
            ["rope_type": "linear", "factor": 1e308], ["rope_theta": 1e-9, "partial_rotary_factor": 0.5],
        ]
        var opened = 0
        var refused = 0
        for key in original.keys.sorted() {
            for value in values {
                try folder.changeSettings { settings in
                    settings = original
                    settings[key] = value
                }
                do throws(ModelError) {
                    let model = try LanguageModel(path: folder.path)
                    let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
                    #expect(try pass.logits(of: [[1, 2]]).rows == 2)
                    #expect(try GenerationSession(model: model).generate(prompt: [1], maximumTokens: 2).count <= 2)
                    opened += 1
                } catch {
                    #expect(!error.description.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(opened > 30 && refused > 50)
    }
}
