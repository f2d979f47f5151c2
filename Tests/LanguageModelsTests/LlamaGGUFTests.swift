import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@Suite struct LlamaGGUFTests {
    @Test(arguments: [(LlamaGGUF.Precision.f32, 1e-5), (.f16, 1e-3), (.q8_0, 2e-2)])
    func aConvertedModelComputesTheSame(precision: LlamaGGUF.Precision, tolerance: Double) throws {
        let golden = try SafetensorsFile(path: GoldenFiles.path("architectures/llama/golden.safetensors"))
        try LlamaGGUF.with(precision) { path in
            let model = try LanguageModel(path: path)
            #expect(model.name == "Tiny")
            let pass = try ForwardPass(
                model: model, hookpoints: [Hookpoint(block: 1, site: .attention)], mode: .perContext)
            let expected = try #require(golden.tensors["layers.1.attn"]).floats()
            let found = try #require(try pass.activations(of: contexts(golden))["layers.1.attn"])
            #expect(relativeError(found.values, expected) < tolerance)
            let logits = try #require(golden.tensors["logits"]).floats()
            #expect(relativeError(try pass.logits(of: contexts(golden)).values, logits) < tolerance)
        }
    }

    /// Generation multiplies by the file's blocks, the forward pass by expanded matrices: the sums are the same.
    @Test(arguments: LlamaGGUF.Precision.allCases)
    func generationAndForwardPassAgree(precision: LlamaGGUF.Precision) throws {
        try LlamaGGUF.with(precision) { path in
            let model = try LanguageModel(path: path)
            let tokens: [UInt32] = (0..<20).map { $0 * 23 % 512 }
            let expected = try ForwardPass(model: model, hookpoints: [], mode: .perContext).logits(of: [tokens])
            let session = try GenerationSession(model: model)
            for (position, token) in tokens.enumerated() {
                let logits = try session.extend([token])
                let row = expected.values[(position * 512)..<(position * 512 + 512)]
                #expect(relativeError(logits, row) < 1e-5)
            }
        }
    }

    @Test func withoutAHeadTheEmbeddingIsUsed() throws {
        try LlamaGGUF.with(.f32, change: { $0.tensors.removeAll { $0.name == "output.weight" } }) { path in
            let model = try LanguageModel(path: path)
            let pass = try ForwardPass(model: model, hookpoints: [], mode: .perContext)
            let embedding = try #require(try ModelFolder.tensors().first { $0.name == "model.embed_tokens.weight" })
            let head = try #require(try ModelFolder.tensors().first { $0.name == "lm_head.weight" })
            #expect(embedding.values != head.values)
            let folder = try ModelFolder()
            try folder.changeTensors { tensors in
                tensors = tensors.map { $0.name == "lm_head.weight" ? ($0.name, $0.shape, embedding.values) : $0 }
            }
            let untied = try ForwardPass(
                model: LanguageModel(path: folder.path), hookpoints: [], mode: .perContext)
            let found = try pass.logits(of: [[1, 2, 3]]).values
            #expect(relativeError(found, try untied.logits(of: [[1, 2, 3]]).values) < 1e-5)
        }
    }

    @Test func faultsAreNamed() throws {
        func error(_ change: (inout GGUFBuilder) -> Void) throws -> ModelError? {
            try LlamaGGUF.with(.f32, change: change) { path in
                do throws(ModelError) {
                    _ = try LanguageModel(path: path)
                    return nil
                } catch {
                    #expect(error.description.contains(path))
                    return error
                }
            }
        }
        func change(_ key: String, _ value: GGUFBuilder.Value?) -> (inout GGUFBuilder) -> Void {
            { builder in
                builder.metadata.removeAll { $0.0 == key }
                if let value { builder.metadata.append((key, value)) }
            }
        }
        #expect(try error { _ in } == nil)
        let missing = try #require(try error { $0.tensors.removeAll { $0.name == "blk.1.ffn_up.weight" } })
        #expect(missing.description.contains("blk.1.ffn_up.weight"))
        let unknown = try #require(try error(change("general.architecture", .text("mamba"))))
        #expect(unknown.description.contains("mamba") && unknown.description.contains("llama"))
        #expect(try error(change("general.architecture", nil)) != nil)
        #expect(try error(change("llama.embedding_length", .integer(32))) != nil)
        #expect(try error(change("llama.embedding_length", .text("wide"))) != nil)
        #expect(try error(change("llama.block_count", .integer(4))) != nil)
        #expect(try error(change("llama.block_count", .integer(0))) != nil)
        #expect(try error(change("llama.block_count", .integer(.max))) != nil)
        #expect(try error(change("llama.attention.head_count_kv", .integer(3))) != nil)
        #expect(try error(change("llama.attention.layer_norm_rms_epsilon", .number(.nan))) != nil)
        #expect(try error(change("llama.rope.freq_base", .number(-1))) != nil)
        #expect(try error(change("llama.rope.dimension_count", .integer(4))) != nil)
        #expect(try error(change("llama.expert_count", .integer(8))) != nil)
        #expect(
            try error {
                $0.tensors.append(("blk.0.attn_q.bias", [64], 0, GGUFBuilder.floats([Float](repeating: 0, count: 64))))
            } != nil)
        let yarn: (inout GGUFBuilder) -> Void = { builder in
            builder.tensors.removeAll { $0.name == "rope_freqs.weight" }
            builder.metadata.append(("llama.rope.scaling.type", .text("yarn")))
        }
        #expect(try #require(try error(yarn)).description.contains("llama.rope.scaling.factor"))
    }
}
