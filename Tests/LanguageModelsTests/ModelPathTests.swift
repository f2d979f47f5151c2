import Foundation
import LanguageModels
import TestSupport
import Testing

/// Paths at which there is no model that can be read: what is there is called by its name.
@Suite struct ModelPathTests {
    private static func message(_ path: String) -> String {
        do throws(ModelError) {
            _ = try LanguageModel(path: path)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func aRepositorysNameIsNoPath() {
        let name = "HuggingFaceTB/SmolLM2-135M"
        #expect(
            Self.message(name)
                == "\(name): there is no such file or folder; it looks like the name of a repository: download it, for "
                + "example by `hf download \(name) --local-dir FOLDER`, and give that folder")
    }

    @Test(arguments: ["/nowhere/at/all", "./models/model.gguf", "a/b/c", "model", "x/model.gguf", "../model", "a/"])
    func aPathWithNothingThereIsCalledSo(path: String) {
        #expect(
            Self.message(path)
                == "\(path): there is no such file or folder; paths are relative to the working directory")
    }

    @Test func aPartOfAFolderIsNotOpenedByItself() throws {
        let folder = try ModelFolder()
        for name in ["config.json", "model.safetensors"] {
            #expect(Self.message(folder.path + "/" + name).contains("give the folder that it is in"))
        }
    }

    @Test(arguments: [
        ("pytorch_model.bin", "weights pickled by PyTorch are not read; convert them to safetensors"),
        ("pytorch_model.bin.index.json", "weights pickled by PyTorch are not read"),
    ])
    func pickledWeightsAreNamed(name: String, words: String) throws {
        let folder = try ModelFolder()
        try FileManager.default.moveItem(atPath: folder.path + "/model.safetensors", toPath: folder.path + "/" + name)
        #expect(Self.message(folder.path).hasPrefix(folder.path + "/" + name + ": " + words))
    }

    @Test(arguments: [("adapter_config.json", "an adapter (LoRA)"), ("model-Q8_0.gguf", "/model-Q8_0.gguf")])
    func aFolderOfSomethingElseIsNamed(name: String, words: String) throws {
        let folder = try ModelFolder()
        try FileManager.default.moveItem(atPath: folder.path + "/config.json", toPath: folder.path + "/" + name)
        #expect(Self.message(folder.path).contains(words))
    }

    @Test(arguments: [("bitsandbytes", "bitsandbytes"), (nil, "an unknown method")])
    func quantisedWeightsAreNamed(method: String?, words: String) throws {
        let folder = try ModelFolder()
        try folder.changeSettings { settings in
            settings["quantization_config"] = method.map { ["quant_method": $0] } ?? [:]
        }
        let message = Self.message(folder.path)
        #expect(message.contains("quantised by \(words) (`quantization_config`)"))
        #expect(message.contains("use the model before it was quantised"))
        try folder.changeSettings { $0["quantization_config"] = NSNull() }
        #expect(Self.message(folder.path) == "")
    }

    @Test(arguments: ["model.safetensors", "model.gguf"]) func aPointerOfGitIsNamed(name: String) throws {
        let folder = try ModelFolder()
        let pointer =
            "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "0", count: 64))\nsize 9\n"
        let path = folder.path + "/" + name
        try Data(pointer.utf8).write(to: URL(fileURLWithPath: path))
        let message = Self.message(name.hasSuffix(".gguf") ? path : folder.path)
        #expect(
            message
                == "\(path): file: found a Git LFS pointer, expected the file that it points to; get it by `git lfs pull`"
        )
    }
}
