import Foundation
import LanguageModels
import TestSupport
import Testing
import WeightFiles

/// Hugging Face folders that are not as they should be.
@Suite struct ModelFilesTests {
    private static func error(_ folder: ModelFolder) -> ModelError? {
        do throws(ModelError) {
            _ = try LanguageModel(path: folder.path)
            return nil
        } catch {
            return error
        }
    }

    @Test func anUnchangedCopyOpens() throws {
        #expect(Self.error(try ModelFolder()) == nil)
    }

    @Test func aMissingTensorIsNamed() throws {
        let folder = try ModelFolder()
        try folder.changeTensors { $0.removeAll { $0.name == "model.layers.2.mlp.down_proj.weight" } }
        #expect(
            Self.error(folder)
                == .missingTensor(name: "model.layers.2.mlp.down_proj.weight", file: folder.path))
    }

    @Test func aWrongShapeIsNamedWithBothShapes() throws {
        let folder = try ModelFolder()
        try folder.changeTensors { tensors in
            tensors = tensors.map { $0.name == "model.norm.weight" ? ($0.name, [32, 2], $0.values) : $0 }
        }
        #expect(
            Self.error(folder)
                == .wrongShape(
                    tensor: "model.norm.weight", file: folder.path + "/model.safetensors", found: [32, 2],
                    expected: [64]))
    }

    @Test func anUnknownArchitectureIsNamed() throws {
        let folder = try ModelFolder()
        try folder.changeSettings { $0["model_type"] = "rwkv\u{7}" }
        let error = try #require(Self.error(folder))
        #expect(error.description.contains("rwkv\u{FFFD} is not built") && error.description.contains("llama"))
    }

    @Test(arguments: ["hidden_size", "num_attention_heads", "intermediate_size", "rms_norm_eps", "model_type"])
    func aMissingSettingIsNamed(key: String) throws {
        let folder = try ModelFolder()
        try folder.changeSettings { $0[key] = nil }
        let error = try #require(Self.error(folder))
        #expect(error.description.contains(key) && error.description.contains("missing"))
    }

    @Test(arguments: [
        ("hidden_size", "0"), ("hidden_size", "-64"), ("hidden_size", "64.5"), ("hidden_size", "1e300"),
        ("hidden_size", "\"64\""), ("num_hidden_layers", "[3]"), ("num_key_value_heads", "3"), ("head_dim", "7"),
        ("rms_norm_eps", "0"), ("attention_bias", "true"), ("mlp_bias", "true"), ("hidden_act", "\"gelu\""),
        ("partial_rotary_factor", "0.5"), ("rope_parameters", "{\"rope_type\":\"yarn\"}"),
        ("rope_parameters", "{\"rope_type\":\"linear\"}"), ("rope_parameters", "{\"rope_theta\":0}"),
        ("rope_parameters", "{\"rope_type\":\"linear\",\"factor\":-1}"), ("num_attention_heads", "16777216"),
    ])
    func aWrongSettingIsRefused(key: String, value: String) throws {
        let folder = try ModelFolder()
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try folder.changeSettings { $0[key] = object }
        let error = try #require(Self.error(folder))
        #expect(error.description.contains(folder.path))
    }

    @Test func unreadableFilesAreNamed() throws {
        let folder = try ModelFolder()
        let config = folder.path + "/config.json"
        try Data("{\"model_type\": ".utf8).write(to: URL(fileURLWithPath: config))
        #expect(
            try #require(Self.error(folder)).description
                == config + ": not JSON: expected a value, found the end; restore the file")
        try FileManager.default.removeItem(atPath: config)
        #expect(try #require(Self.error(folder)).description.contains("config.json"))
        let other = try ModelFolder()
        try FileManager.default.removeItem(atPath: other.path + "/model.safetensors")
        #expect(try #require(Self.error(other)).description.contains("model.safetensors"))
        #expect(throws: ModelError.self) { try LanguageModel(path: "/nowhere/at/all") }
    }

    /// As Python's reader has it: a line added at the end by hand counts.
    @Test func ofASettingThatComesTwiceTheLastCounts() throws {
        let folder = try ModelFolder()
        let config = URL(fileURLWithPath: folder.path + "/config.json")
        let settings = String(decoding: try Data(contentsOf: config), as: UTF8.self)
        let end = try #require(settings.lastIndex(of: "}"))
        try Data((settings[..<end] + ", \"rms_norm_eps\": 0.25}").utf8).write(to: config)
        #expect(try LanguageModel(path: folder.path).configuration.normEpsilon == 0.25)
    }

    @Test func shardsAreFoundByTheirIndex() throws {
        let whole = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        let folder = try ModelFolder()
        let tensors = try ModelFolder.tensors()
        var map: [String: String] = [:]
        for (shard, range) in [("a.safetensors", 0..<9), ("b.safetensors", 9..<tensors.count)] {
            for tensor in tensors[range] { map[tensor.name] = shard }
            try SafetensorsFile.write(Array(tensors[range]), to: folder.path + "/" + shard)
        }
        try FileManager.default.removeItem(atPath: folder.path + "/model.safetensors")
        let index = folder.path + "/model.safetensors.index.json"
        func write(_ map: [String: String]) throws {
            try JSONSerialization.data(withJSONObject: ["weight_map": map]).write(to: URL(fileURLWithPath: index))
        }
        try write(map)
        #expect(try LanguageModel(path: folder.path).digest == whole.digest)
        map["lm_head.weight"] = "../a.safetensors"
        try write(map)
        #expect(try #require(Self.error(folder)).description.contains("../a.safetensors"))
        map["lm_head.weight"] = "b.safetensors"
        try write(map)
        #expect(try #require(Self.error(folder)).description.contains("lm_head.weight"))
    }

    @Test func theDigestTellsWeightsAndSettingsApart() throws {
        let folder = try ModelFolder()
        let first = try LanguageModel(path: folder.path).digest
        #expect(try LanguageModel(path: GoldenFiles.path("architectures/llama")).digest == first)
        try folder.changeTensors { tensors in
            tensors[5].values[tensors[5].values.count - 1] = Float(
                bitPattern: tensors[5].values[tensors[5].values.count - 1].bitPattern ^ 1)
        }
        let second = try LanguageModel(path: folder.path).digest
        #expect(second != first)
        try folder.changeSettings { $0["rms_norm_eps"] = 1e-5 }
        #expect(try LanguageModel(path: folder.path).digest != second)
    }
}
