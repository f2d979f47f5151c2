import Foundation
import LanguageModels
import LinearAlgebra
import Testing
import WeightFiles

/// Models of every architecture whose settings or weights cannot be right.
@Suite struct HostileModelTests {
    private static func error(_ path: String) -> ModelError? {
        do throws(ModelError) {
            _ = try LanguageModel(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("gemma3", "layer_types", "[\"full_attention\"]"), ("gemma3", "layer_types", "7"),
        ("gemma2", "layer_types", "[\"a\",\"b\",\"c\",\"d\"]"), ("gemma2", "sliding_window", "0"),
        ("gemma2", "sliding_window", "-1"), ("gemma2", "sliding_window", "1e40"),
        ("gemma2", "attn_logit_softcapping", "0"), ("gemma2", "final_logit_softcapping", "-3"),
        ("gemma2", "query_pre_attn_scalar", "0"), ("gemma2", "query_pre_attn_scalar", "\"24\""),
        ("gemma2", "hidden_activation", "\"relu\""), ("gemma2", "use_bidirectional_attention", "true"),
        ("gemma3", "rope_parameters", "{\"full_attention\":{\"rope_theta\":-1}}"),
        ("gemma3", "rope_parameters", "{\"sliding_attention\":{\"rope_type\":\"yarn\"}}"),
        ("gemma3", "rope_parameters", "{\"full_attention\":{\"rope_type\":\"linear\",\"factor\":0}}"),
        ("gpt2", "n_embd", "63"), ("gpt2", "n_embd", "1e18"), ("gpt2", "n_head", "0"), ("gpt2", "n_positions", "129"),
        ("gpt2", "n_inner", "16777217"), ("gpt2", "n_layer", "4"), ("gpt2", "layer_norm_epsilon", "null"),
        ("gpt2", "activation_function", "\"relu\""), ("gpt2", "scale_attn_by_inverse_layer_idx", "true"),
        ("gpt2", "scale_attn_weights", "false"), ("gpt2", "scale_attn_weights", "1"),
        ("gpt_neox", "attention_bias", "false"), ("gpt_neox", "use_parallel_residual", "\"yes\""),
        ("gpt_neox", "rope_parameters", "{\"partial_rotary_factor\":0.2}"),
        ("gpt_neox", "rope_parameters", "{\"partial_rotary_factor\":1e300}"),
        ("gpt_neox", "rope_parameters", "{\"partial_rotary_factor\":-1}"), ("gpt_neox", "hidden_act", "3"),
        ("qwen3", "attention_bias", "true"), ("qwen3", "head_dim", "16"), ("qwen2", "num_key_value_heads", "4"),
        ("mistral", "sliding_window", "0.5"), ("mistral", "vocab_size", "511"),
        ("mistral", "tie_word_embeddings", "\"no\""), ("olmo2", "num_key_value_heads", "4"),
        ("olmo3", "layer_types", "[\"full_attention\"]"), ("olmo3", "sliding_window", "-1"),
        ("olmo3", "rope_scaling", "{\"rope_type\":\"yarn\"}"),
        ("olmo3", "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"beta_fast\":0}"),
        ("olmo3", "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"truncate\":1}"),
        ("olmo3", "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"attention_factor\":-1}"),
        ("olmo3", "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"original_max_position_embeddings\":1}"),
        ("phi3", "rope_scaling", "{\"type\":\"su\"}"), ("phi3", "partial_rotary_factor", "0.01"),
        ("phi4", "rope_scaling", "{\"type\":\"longrope\",\"short_factor\":[1,1,1,1,1]}"),
        ("phi4", "rope_scaling", "{\"type\":\"longrope\",\"short_factor\":[1,1,1,1,1,0]}"),
        ("phi4", "rope_scaling", "{\"type\":\"longrope\",\"short_factor\":[1,1,1,1,1,\"1\"]}"),
        ("phi4", "original_max_position_embeddings", "1"), ("phi3", "intermediate_size", "80"),
        ("gemma", "head_dim", "16"), ("gemma", "use_bidirectional_attention", "true"),
        ("llama", "quantization_config", "{\"quant_method\":\"awq\"}"),
    ])
    func aWrongSettingIsRefused(architecture: String, key: String, value: String) throws {
        let folder = try ModelFolder(architecture)
        #expect(Self.error(folder.path) == nil)
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try folder.changeSettings { $0[key] = object }
        let error = try #require(Self.error(folder.path))
        #expect(error.description.contains(folder.path))
    }

    @Test(arguments: ArchitectureGoldenTests.architectures) func everyMissingTensorIsNamed(architecture: String) throws
    {
        let folder = try ModelFolder(architecture)
        for name in try ModelFolder.tensors(architecture).map(\.name) where name.contains(".0.") {
            try folder.changeTensors { $0.removeAll { $0.name == name } }
            #expect(Self.error(folder.path) == .missingTensor(name: name, file: folder.path))
        }
    }

    @Test(arguments: ArchitectureGoldenTests.architectures) func everyWrongShapeIsNamed(architecture: String) throws {
        let folder = try ModelFolder(architecture)
        for (name, shape, _) in try ModelFolder.tensors(architecture) where name.contains(".1.") {
            try folder.changeTensors { tensors in
                tensors = tensors.map { $0.name == name ? ($0.name, $0.shape + [1], $0.values) : $0 }
            }
            #expect(
                Self.error(folder.path)
                    == .wrongShape(
                        tensor: name, file: folder.path + "/model.safetensors", found: shape + [1], expected: shape))
        }
    }

    @Test(arguments: ArchitectureGoldenTests.architectures) func anUnknownTensorIsNamed(architecture: String) throws {
        let folder = try ModelFolder(architecture)
        let name = "model.layers.0.self_attn.slopes"
        try folder.changeTensors { $0.append((name, [2], [0, 0])) }
        let error = try #require(Self.error(folder.path))
        let known = ArchitectureGoldenTests.name(architecture)
        #expect(error == .unknownTensor(name: name, file: folder.path, architecture: known))
        #expect(error.description.contains(name) && error.description.contains(known))
    }

    @Test func whatFollowsFromTheSettingsIsNoUnknownTensor() throws {
        for (architecture, name) in [
            ("gpt2", "transformer.h.0.attn.bias"), ("gpt2", "lm_head.weight"),
            ("gpt_neox", "gpt_neox.layers.0.attention.rotary_emb.inv_freq"),
            ("gpt_neox", "gpt_neox.layers.0.attention.masked_bias"),
        ] {
            let folder = try ModelFolder(architecture)
            try folder.changeTensors { $0.append((name, [1], [0])) }
            #expect(Self.error(folder.path) == nil)
        }
    }

    @Test(arguments: ArchitectureGoldenTests.architectures, [Float.nan, .infinity])
    func weightsThatAreNoFiniteNumbersAreNamed(architecture: String, value: Float) throws {
        for (name, shape, values) in try ModelFolder.tensors(architecture)
        where name.contains(".1.") || shape.count == 1 {
            let folder = try ModelFolder(architecture)
            let index = values.count * 3 / 4
            try folder.changeTensors { tensors in
                for place in tensors.indices where tensors[place].name == name { tensors[place].values[index] = value }
            }
            let expected = ModelError.notFinite(tensor: name, file: folder.path + "/model.safetensors", index: index)
            #expect(throws: expected) {
                let pass = try ForwardPass(
                    model: LanguageModel(path: folder.path), hookpoints: [], mode: .perContext)
                return try pass.logits(of: [[1, 2, 3]])
            }
            #expect(throws: expected) {
                try GenerationSession(model: LanguageModel(path: folder.path)).extend([1, 2, 3])
            }
            #expect(expected.description.contains(name) && expected.description.contains("\(index)"))
        }
    }

    @Test func anEmbeddingThatIsNoFiniteNumberIsNamedWhereItIsUsed() throws {
        let folder = try ModelFolder("gpt2")
        try folder.changeTensors { tensors in
            for place in tensors.indices {
                if tensors[place].name == "transformer.wte.weight" { tensors[place].values[7 * 64 + 5] = .nan }
                if tensors[place].name == "transformer.wpe.weight" { tensors[place].values[9 * 64 + 1] = .nan }
            }
        }
        let hookpoint = Hookpoint(block: 0, site: .input)
        let pass = try ForwardPass(
            model: LanguageModel(path: folder.path), hookpoints: [hookpoint], mode: .perContext)
        #expect(try pass.activations(of: [[1, 2, 3]]).count == 1)
        let file = folder.path + "/model.safetensors"
        #expect(throws: ModelError.notFinite(tensor: "transformer.wte.weight", file: file, index: 453)) {
            try pass.activations(of: [[1, 7]])
        }
        #expect(throws: ModelError.notFinite(tensor: "transformer.wpe.weight", file: file, index: 577)) {
            try pass.activations(of: [[UInt32](repeating: 1, count: 10)])
        }
    }

    /// A quantised head is multiplied by as it stands: what is wrong in it shows in the logits.
    @Test func aQuantisedHeadThatIsNotFiniteIsNamed() throws {
        try LlamaGGUF.with(
            .q8_0,
            change: { builder in
                for place in builder.tensors.indices where builder.tensors[place].name == "output.weight" {
                    // The scale of the second block of row 300: a NaN in half precision.
                    builder.tensors[place].bytes.replaceSubrange((601 * 34)..<(601 * 34 + 2), with: [0, 0x7e])
                }
            }
        ) { path in
            let session = try GenerationSession(model: LanguageModel(path: path))
            #expect(throws: ModelError.notFinite(tensor: "output.weight", file: path, index: 300 * 64 + 32)) {
                try session.extend([1, 2, 3])
            }
        }
    }

    @Test func unknownArchitecturesAreToldWhichThereAre() throws {
        let folder = try ModelFolder("qwen3")
        try folder.changeSettings { $0["model_type"] = "mamba" }
        let text = try #require(Self.error(folder.path)).description
        for name in ["gemma2", "gemma3_text", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3"] {
            #expect(text.contains(name))
        }
    }
}
