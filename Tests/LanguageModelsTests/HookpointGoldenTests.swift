import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// What every hookpoint holds, against transformers in single precision (`Golden/architectures/make_hookpoints.py`).
@Suite struct HookpointGoldenTests {
    static let architectures = ["gemma2", "gemma3", "llama", "qwen3", "gpt2"]

    @Test(arguments: architectures) func everyHookpointHoldsWhatTransformersHas(architecture: String) throws {
        let folder = GoldenFiles.path("architectures/" + architecture)
        let model = try LanguageModel(path: folder)
        let golden = try SafetensorsFile(path: folder + "/hookpoints.safetensors").tensors
        let tokens = try #require(golden["input_ids"]).integers().map { UInt32(bitPattern: $0) }
        let places = [0, model.configuration.blocks - 1].flatMap { block in
            Hookpoint.Site.allCases.map { Hookpoint(block: block, site: $0) }
        }
        #expect(Set(golden.keys) == Set(places.map(\.description)).union(["input_ids"]))
        let pass = try ForwardPass(model: model, hookpoints: places, mode: .perContext)
        let session = try GenerationSession(model: model)
        let found = try pass.activations(of: [tokens])
        let generated = try session.activations(at: places, of: tokens)
        for place in places {
            let expected = try #require(golden[place.description])
            #expect(expected.shape == [tokens.count, try model.width(at: place)], "\(place)")
            let values = try expected.floats()
            #expect(relativeError(try #require(found[place.description]).values, values) < 1e-5, "\(place)")
            #expect(relativeError(try #require(generated[place.description]).values, values) < 1e-5, "\(place)")
        }
    }
}
