import Foundation
import TestSupport
import Testing

@testable import SparseCoders

/// What is said where no coder is.
@Suite struct MissingCoderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func message(_ address: String) -> String {
        do throws(CoderError) {
            _ = try SparseCoder(folder: address)
            return ""
        } catch {
            return error.description
        }
    }

    private func copy(_ golden: String, to name: String) throws {
        let place = folder.path + "/" + name
        try FileManager.default.createDirectory(
            at: URL(filePath: place).deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: GoldenFiles.path("coders/" + golden), toPath: place)
    }

    @Test func aNameOfARepositoryIsToBeDownloaded() {
        #expect(
            message("google/gemma-scope-2-4b-pt").contains("download it first: hf download google/gemma-scope-2-4b-pt"))
        #expect(message("./nothere").hasSuffix("there is no such folder or file"))
    }

    @Test func aFolderOfFoldersNamesThem() throws {
        try copy("sparsify_topk", to: "root/layers.3")
        try copy("sparsify_topk", to: "root/layers.10")
        let place = folder.path + "/root"
        #expect(
            message(place)
                == "\(place): it holds no coder itself, but folders of coders: layers.3, layers.10; name one, as in "
                + "\(place)/layers.3")
    }

    @Test func aSetNamesItsLayers() throws {
        try copy("transcoder_set", to: "set")
        let place = folder.path + "/set"
        #expect(message(place).hasSuffix("a coder for each of the layers 0 to 1: name one, as in \(place)#0"))
        #expect(message(place + "#5").hasSuffix("it has no layer 5, only 0 to 1"))
        try copy("qwen_scope/SAE-Res-Qwen3-0.1B-Base-W1K-L0_6", to: "q-L0_6")
        #expect(message(folder.path + "/q-L0_6").contains("a coder for each of the layers 1 to 1"))
    }

    @Test func aFileOfACoderNamesItsFolder() throws {
        try copy("gemmascope", to: "gs")
        #expect(message(folder.path + "/gs/params.npz").hasSuffix("give the folder, \(folder.path)/gs"))
        try copy("dictionary_topk", to: "dl")
        #expect(message(folder.path + "/dl/ae.pt").hasSuffix("give the folder, \(folder.path)/dl"))
    }

    @Test func halfACoderNamesTheOtherHalf() throws {
        try copy("saelens_topk", to: "half")
        try FileManager.default.removeItem(atPath: folder.path + "/half/cfg.json")
        #expect(message(folder.path + "/half").hasSuffix("it has sae_weights.safetensors, but not cfg.json"))
        try copy("sparsify_topk", to: "other")
        try FileManager.default.removeItem(atPath: folder.path + "/other/sae.safetensors")
        #expect(message(folder.path + "/other").contains("it has cfg.json, but no weights"))
        try copy("dictionary_topk", to: "dl")
        try FileManager.default.removeItem(atPath: folder.path + "/dl/config.json")
        #expect(message(folder.path + "/dl").contains("it has ae.pt, but not config.json"))
    }

    @Test func kindsThatAreNotReadAreCalledByTheirNames() throws {
        for name in ["temporal", "cross"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try folder.write([0], to: "temporal/conf.yaml")
        try folder.write([0], to: "temporal/latest_ckpt.safetensors")
        #expect(message(folder.path + "/temporal").contains("a temporal coder"))
        try folder.write([0], to: "cross/params_layer_0.safetensors")
        #expect(message(folder.path + "/cross").contains("a crosscoder"))
    }

    @Test func anEmptyFolderSaysWhatACoderWouldBe() throws {
        let text = message(folder.path)
        #expect(text.contains("no sparse coder found, expected cfg.json and sae.safetensors (sparsify), or "))
    }

    @Test func aFolderWhoseNameHasASignIsTakenAsItIs() throws {
        try copy("sparsify_topk", to: "mine#3")
        #expect(message(folder.path + "/mine#3") == "")
        #expect(CoderAddress(folder.path + "/mine#4").layer == 4)
        #expect(CoderAddress("a#b").layer == nil && CoderAddress("a#").layer == nil)
        #expect(CoderAddress("a#12").description == "a#12")
    }
}
