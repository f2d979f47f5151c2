import Elements
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

/// Folders of models that read images too, of which the text's part is used.
@Suite struct TextPartTests {
    private static let golden = "gemma3_images"

    private static func error(_ folder: ModelFolder) -> ModelError? {
        do throws(ModelError) {
            _ = try LanguageModel(path: folder.path)
            return nil
        } catch {
            return error
        }
    }

    /// Newer folders begin the names in another way, and those of the bare model leave a part out.
    @Test(arguments: [
        ("language_model.model.", "model.language_model.", "model."), ("language_model.model.", "language_model.", ""),
        ("language_model.model.", "model.", "model."), ("language_model.model.", "", ""),
    ])
    func everySpellingOfTheNamesGivesTheSame(old: String, new: String, images: String) throws {
        let whole = try LanguageModel(path: GoldenFiles.path("architectures/" + Self.golden))
        let folder = try ModelFolder(Self.golden)
        try folder.changeTensors { tensors in
            tensors = tensors.map { tensor in
                let isText = tensor.name.hasPrefix(old)
                let name = isText ? new + tensor.name.dropFirst(old.count) : images + tensor.name
                return (name, tensor.shape, tensor.values)
            }
        }
        func logits(_ model: LanguageModel) throws -> [Float] {
            try ForwardPass(model: model, hookpoints: [], mode: .perContext).logits(of: [[7, 8, 9, 10]]).values
        }
        #expect(try logits(LanguageModel(path: folder.path)) == logits(whole))
    }

    @Test func whatTheTextsSettingsLeaveOutIsAsInTransformers() throws {
        let configuration = try LanguageModel(path: GoldenFiles.path("architectures/" + Self.golden)).configuration
        #expect(configuration.heads == 8 && configuration.keyValueHeads == 4 && configuration.normEpsilon == 1e-6)
        #expect(configuration.maximumContext == 131_072 && configuration.attentionScale == 1 / 16)
        #expect(configuration.rope?.base == 1_000_000 && configuration.rope?.scaling == .linear(factor: 8))
        #expect(configuration.localAttention?.rope?.base == 10_000)
        #expect(configuration.localAttention?.isLocal == [true, true, true, true, true, false])
    }

    @Test func aHeadOfItsOwnIsUsedIfItIsNotTied() throws {
        let folder = try ModelFolder(Self.golden)
        let head = [Float](repeating: 0.5, count: 512 * 64)
        try folder.changeTensors { $0.append(("language_model.lm_head.weight", [512, 64], head)) }
        func logits() throws -> [Float] {
            let model = try LanguageModel(path: folder.path)
            return try ForwardPass(model: model, hookpoints: [], mode: .perContext).logits(of: [[7, 8]]).values
        }
        #expect(try Set(logits()).count > 100)
        try folder.changeSettings { settings in
            var text = settings["text_config"] as? [String: Any] ?? [:]
            text["tie_word_embeddings"] = false
            settings["text_config"] = text
        }
        #expect(try Set(logits()).count <= 2)
    }

    @Test func aModelWithoutItsTextsSettingsIsRefused() throws {
        for wrong in [nil, 7, NSNull()] as [Any?] {
            let folder = try ModelFolder(Self.golden)
            try folder.changeSettings { $0["text_config"] = wrong }
            #expect(try #require(Self.error(folder)).description.contains("text_config"))
        }
        let folder = try ModelFolder(Self.golden)
        try folder.changeSettings { $0["model_type"] = "llava" }
        #expect(try #require(Self.error(folder)).description.contains("architecture llava is not built"))
    }

    @Test func tensorsOfNeitherPartAreNamed() throws {
        let folder = try ModelFolder(Self.golden)
        try folder.changeTensors { $0.append(("audio_tower.weight", [1], [0])) }
        #expect(
            Self.error(folder)
                == .unknownTensor(name: "audio_tower.weight", file: folder.path, architecture: "gemma3"))
    }

    @Test func noSettingOfTheTextTraps() throws {
        let folder = try ModelFolder(Self.golden)
        var original: [String: Any] = [:]
        try folder.changeSettings { original = $0["text_config"] as? [String: Any] ?? [:] }
        #expect(original.count == 8)
        let values: [Any] = [
            NSNull(), true, 0, 1, -1, 0.3, 1e300, Int.max, "x", ["x"], ["rope_type": "yarn", "factor": 1e-300],
        ]
        var refused = 0
        for key in original.keys.sorted() {
            for value in values {
                try folder.changeSettings { $0["text_config"] = original.merging([key: value]) { $1 } }
                do throws(ModelError) {
                    let model = try LanguageModel(path: folder.path)
                    let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
                    #expect(try pass.logits(of: [[1, 2]]).rows == 2)
                } catch {
                    #expect(!error.description.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(refused > 40 && refused < original.count * values.count)
    }
}
