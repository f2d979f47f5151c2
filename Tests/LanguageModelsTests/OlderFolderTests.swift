import Elements
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

/// Folders as older versions of the libraries wrote them: the same model by other settings and names.
@Suite struct OlderFolderTests {
    private static func check(_ folder: ModelFolder, _ architecture: String) throws {
        let golden = try SafetensorsFile(path: GoldenFiles.path("architectures/\(architecture)/golden.safetensors"))
        let pass = try ForwardPass(model: LanguageModel(path: folder.path), hookpoints: [], mode: .perContext)
        let expected = try #require(golden.tensors["logits"]).floats()
        #expect(relativeError(try pass.logits(of: contexts(golden)).values, expected) < 1e-5)
    }

    @Test func gemma3WithTwoBasesAndAPattern() throws {
        let folder = try ModelFolder("gemma3")
        try folder.changeSettings { settings in
            for key in ["rope_parameters", "layer_types", "_sliding_window_pattern", "tie_word_embeddings"] {
                settings[key] = nil
            }
            settings["rope_theta"] = 1_000_000
            settings["rope_local_base_freq"] = 10_000
            settings["sliding_window_pattern"] = 6
            settings["rope_scaling"] = NSNull()
        }
        try Self.check(folder, "gemma3")
    }

    @Test func gemma2WithoutKindsOfAttention() throws {
        let folder = try ModelFolder("gemma2")
        try folder.changeSettings { settings in
            for key in ["rope_parameters", "layer_types", "tie_word_embeddings", "hidden_activation"] {
                settings[key] = nil
            }
            settings["hidden_act"] = "gelu"
        }
        try Self.check(folder, "gemma2")
    }

    @Test func pythiaWithARotaryPart() throws {
        let folder = try ModelFolder("gpt_neox")
        try folder.changeSettings { settings in
            for key in ["rope_parameters", "attention_bias", "use_parallel_residual"] { settings[key] = nil }
            settings["rotary_pct"] = 0.25
            settings["rotary_emb_base"] = 10_000
        }
        try Self.check(folder, "gpt_neox")
    }

    @Test(arguments: [("gpt2", "transformer."), ("gemma3", "model."), ("gpt_neox", "gpt_neox.")])
    func bareModelsHaveShorterNames(architecture: String, prefix: String) throws {
        let folder = try ModelFolder(architecture)
        try folder.changeTensors { tensors in
            tensors = tensors.map { tensor in
                let isInner = tensor.name.hasPrefix(prefix)
                return (
                    isInner ? String(tensor.name.dropFirst(prefix.count)) : tensor.name, tensor.shape, tensor.values
                )
            }
        }
        try Self.check(folder, architecture)
    }

    @Test func qwenNamesTheFirstBlockOfLocalAttention() throws {
        let folder = try ModelFolder("qwen2")
        try folder.changeSettings { settings in
            settings["layer_types"] = nil
            settings["use_sliding_window"] = true
            settings["max_window_layers"] = 2
            settings["sliding_window"] = 9
        }
        let local = try #require(try LanguageModel(path: folder.path).configuration.localAttention)
        #expect(local.window == 9 && local.isLocal == [false, false, true])
    }

    /// Positions of a linearly scaled model lie closer together by the factor: at factor 1 nothing changes.
    @Test func linearScalingIsRead() throws {
        let folder = try ModelFolder("mistral")
        try folder.changeSettings {
            $0["rope_parameters"] = ["rope_theta": 10_000, "rope_type": "linear", "factor": 1]
        }
        try Self.check(folder, "mistral")
        try folder.changeSettings { settings in
            settings["rope_parameters"] = nil
            settings["rope_scaling"] = ["type": "linear", "factor": 4]
        }
        let rope = try #require(try LanguageModel(path: folder.path).configuration.rope)
        #expect(rope.scaling == .linear(factor: 4) && rope.base == 10_000)
    }
}
