import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// Tiny models of every architecture against Hugging Face transformers: every tensor of the golden files.
@Suite struct ArchitectureGoldenTests {
    static let architectures = [
        "gemma", "gemma2", "gemma3", "gpt_oss", "gpt2", "gpt_neox", "llama", "llama_yarn", "mistral", "olmo2", "olmo3",
        "phi3",
        "phi4", "qwen2", "qwen3", "qwen3_moe",
    ]
    /// Folders whose tensors are not all of the language model.
    static let imageModels = ["gemma3_images"]
    /// Those whose goldens have the blocks' and the modules' outputs only.
    private static let withFewHookpoints = [
        "gemma2", "gemma3", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3",
    ]

    /// The architecture of a golden folder.
    static func name(_ folder: String) -> String {
        ["gemma3_images": "gemma3", "llama_yarn": "llama", "phi4": "phi3"][folder] ?? folder
    }

    private static func open(_ architecture: String) throws -> (LanguageModel, SafetensorsFile) {
        let folder = GoldenFiles.path("architectures/" + architecture)
        return (try LanguageModel(path: folder), try SafetensorsFile(path: folder + "/golden.safetensors"))
    }

    @Test(arguments: architectures + imageModels, [BatchMode.ragged, .perContext])
    func everyTensorAgrees(architecture: String, mode: BatchMode) throws {
        let (model, golden) = try Self.open(architecture)
        #expect(model.configuration.architecture == Self.name(architecture))
        let names = golden.tensors.keys.filter { $0.hasPrefix("layers.") }.sorted()
        let places = Self.withFewHookpoints.contains(architecture) ? 3 : 8
        // Blocks of experts have no neurons.
        let withoutNeurons = ["qwen3_moe": 2, "gpt_oss": 4][architecture] ?? 0
        #expect(names.count == places * model.configuration.blocks - withoutNeurons)
        let pass = try ForwardPass(model: model, hookpoints: names.map { try model.hookpoint(named: $0) }, mode: mode)
        let contexts = try contexts(golden)
        let activations = try pass.activations(of: contexts)
        for name in names {
            let expected = try #require(golden.tensors[name]).floats()
            #expect(relativeError(try #require(activations[name]).values, expected) < 1e-5, "\(name)")
        }
        let logits = try #require(golden.tensors["logits"]).floats()
        #expect(relativeError(try pass.logits(of: contexts).values, logits) < 1e-5)
    }

    @Test(arguments: architectures + imageModels) func greedyGenerationAgreesWithAndWithoutTheCache(
        architecture: String
    ) throws {
        let (model, golden) = try Self.open(architecture)
        let ids = try #require(try contexts(golden, "greedy_ids").first)
        let session = try GenerationSession(model: model)
        #expect(try session.generate(prompt: Array(ids[..<8]), maximumTokens: 12) == Array(ids[8...]))
        let pass = try ForwardPass(model: model, hookpoints: [], mode: model.batchMode())
        let logits = try pass.logits(of: [ids])
        for position in 7..<19 {
            let row = logits.values[(position * logits.columns)..<((position + 1) * logits.columns)]
            let best = try #require(row.indices.max { row[$0] < row[$1] })
            #expect(best - row.startIndex == Int(ids[position + 1]))
        }
    }

    /// Longer than a sliding window and two pages of the cache, in pieces of several sizes.
    @Test(arguments: architectures + imageModels) func cachedAndUncachedLogitsAgree(architecture: String) throws {
        let (model, _) = try Self.open(architecture)
        let tokens: [UInt32] = (0..<128).map { ($0 * 37 + 11) % 512 }
        let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
        let expected = try pass.logits(of: [tokens])
        for sizes in [[1, 3, 6, 60, 58], [80, 1, 1, 46], [128]] {
            let session = try GenerationSession(model: model)
            for size in sizes {
                let found = try session.extend(Array(tokens[session.length..<session.length + size]))
                let end = session.length * expected.columns
                #expect(relativeError(found, expected.values[(end - expected.columns)..<end]) < 1e-5)
            }
        }
    }
}
