import Foundation
import TestSupport

/// Tiny models converted to GGUF as llama.cpp's `convert_hf_to_gguf.py` does it: other names, and rows as it leaves them.
struct ConvertedGGUF {
    static let architectures = [
        "gemma", "gemma2", "gemma3", "gpt_oss", "gpt2", "gpt_neox", "olmo2", "olmo3", "phi3", "phi4", "qwen2", "qwen3",
        "qwen3_moe",
    ]

    let architecture: String
    /// The name in `general.architecture`.
    var name: String {
        ["gpt_neox": "gptneox", "olmo3": "olmo2", "phi4": "phi3", "qwen3_moe": "qwen3moe", "gpt_oss": "gpt-oss"][
            architecture] ?? architecture
    }

    private static let gated = [
        "embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.qkv_proj": "attn_qkv", "mlp.gate_up_proj": "ffn_up", "self_attn.q_norm": "attn_q_norm",
        "self_attn.k_norm": "attn_k_norm", "self_attn.o_proj": "attn_output",
        "mlp.gate": "ffn_gate_inp", "mlp.router": "ffn_gate_inp", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
        "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm",
    ]
    private static let gpt2 = [
        "wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm", "ln_1": "attn_norm",
        "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm", "mlp.c_fc": "ffn_up",
        "mlp.c_proj": "ffn_down",
    ]
    private static let neoX = [
        "embed_in": "token_embd", "embed_out": "output", "final_layer_norm": "output_norm",
        "input_layernorm": "attn_norm", "attention.query_key_value": "attn_qkv", "attention.dense": "attn_output",
        "post_attention_layernorm": "ffn_norm", "mlp.dense_h_to_4h": "ffn_up", "mlp.dense_4h_to_h": "ffn_down",
    ]

    private func name(_ full: String) -> String {
        if full.hasSuffix(".sinks") { return "blk.\(full.split(separator: ".")[2]).attn_sinks.weight" }
        var parts = full.split(separator: ".").map(String.init)
        if ["model", "transformer", "gpt_neox"].contains(parts[0]) { parts.removeFirst() }
        let kind = parts.removeLast()
        var prefix = ""
        if ["layers", "h"].contains(parts[0]) {
            prefix = "blk.\(parts[1])."
            parts.removeFirst(2)
        }
        let stem = parts.joined(separator: ".")
        let hasPostNorms = ["gemma2", "gemma3", "olmo2", "olmo3", "gpt_oss"].contains(architecture)
        let names =
            switch architecture {
            case "gpt2": Self.gpt2
            case "gpt_neox": Self.neoX
            default:
                Self.gated.merging(["post_attention_layernorm": hasPostNorms ? "post_attention_norm" : "ffn_norm"]) {
                    $1
                }
            }
        return "\(prefix)\(names[stem] ?? stem).\(kind)"
    }

    private func values(_ name: String, _ shape: [Int], _ values: [Float]) -> ([Int], [Float]) {
        if architecture.hasPrefix("gemma"), name.hasSuffix("norm.weight") { return (shape, values.map { $0 + 1 }) }
        if architecture == "gpt2", name.contains(".c_"), shape.count == 2 {
            let (rows, columns) = (shape[1], shape[0])
            return ([rows, columns], (0..<rows * columns).map { values[$0 % columns * rows + $0 / columns] })
        }
        if architecture == "gpt_neox", name.contains("query_key_value") {
            // Four heads of width 16: `reshape(heads, 3, 16, …)`, then all queries, all keys, all values.
            let width = values.count / 192
            let order = (0..<3).flatMap { part in
                (0..<4).flatMap { head in (0..<16).map { (head * 3 + part) * 16 + $0 } }
            }
            return (shape, order.flatMap { values[($0 * width)..<(($0 + 1) * width)] })
        }
        return (shape, values)
    }

    /// All experts of a block in one tensor.
    private func addExperts(to builder: inout GGUFBuilder) throws {
        let tensors = try ModelFolder.tensors(architecture).filter { $0.name.contains(".experts.") }
        for block in Set(tensors.compactMap { Int($0.name.split(separator: ".")[2]) }).sorted() {
            for (part, name) in [("gate_proj", "gate"), ("up_proj", "up"), ("down_proj", "down")] {
                let experts = (0..<8).compactMap { index in
                    tensors.first { $0.name == "model.layers.\(block).mlp.experts.\(index).\(part).weight" }
                }
                builder.tensors.append(
                    (
                        "blk.\(block).ffn_\(name)_exps.weight", [experts.count] + experts[0].shape, 0,
                        GGUFBuilder.floats(experts.flatMap(\.values))
                    ))
            }
        }
    }

    /// Gates and what they multiply apart, and all matrices the other way round.
    private func addJoinedExperts(to builder: inout GGUFBuilder) throws {
        for (name, shape, values) in try ModelFolder.tensors(architecture) where name.contains(".experts.") {
            let prefix = "blk.\(name.split(separator: ".")[2])."
            let kind = name.hasSuffix("_bias") ? "bias" : "weight"
            let (count, rows, columns) = (shape[0], shape[shape.count - 1], shape.count == 3 ? shape[1] : 1)
            func part(_ rowsOf: StrideTo<Int>) -> [Float] {
                (0..<count).flatMap { expert in
                    rowsOf.flatMap { row in
                        (0..<columns).map { values[(expert * columns + $0) * rows + row] }
                    }
                }
            }
            func add(_ stem: String, _ rowsOf: StrideTo<Int>, _ rows: Int) {
                let shape = kind == "bias" ? [count, rows] : [count, rows, columns]
                builder.tensors.append(
                    ("\(prefix)ffn_\(stem)_exps.\(kind)", shape, 0, GGUFBuilder.floats(part(rowsOf))))
            }
            if name.contains("gate_up_proj") {
                add("gate", stride(from: 0, to: rows, by: 2), rows / 2)
                add("up", stride(from: 1, to: rows, by: 2), rows / 2)
            } else {
                add("down", stride(from: 0, to: rows, by: 1), rows)
            }
        }
    }

    private func metadata() throws -> [(String, GGUFBuilder.Value)] {
        let file = URL(fileURLWithPath: GoldenFiles.path("architectures/\(architecture)/config.json"))
        let settings = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        func size(_ keys: String...) -> UInt32 {
            keys.compactMap { settings[$0] as? Int }.first.map { UInt32($0) } ?? 256
        }
        var metadata: [(String, GGUFBuilder.Value)] = [
            ("block_count", .integer(size("num_hidden_layers", "n_layer"))),
            ("context_length", .integer(size("max_position_embeddings", "n_positions"))),
            ("embedding_length", .integer(64)), ("feed_forward_length", .integer(size("intermediate_size"))),
            ("attention.head_count", .integer(size("num_attention_heads", "n_head"))),
        ]
        if ["gpt2", "gpt_neox"].contains(architecture) {
            metadata.append(("attention.layer_norm_epsilon", .number(1e-5)))
        } else {
            metadata.append(("attention.head_count_kv", .integer(size("num_key_value_heads"))))
            metadata.append(("attention.layer_norm_rms_epsilon", .number(1e-6)))
        }
        if let width = settings["head_dim"] as? Int {
            metadata.append(("attention.key_length", .integer(UInt32(width))))
        }
        switch architecture {
        case "gpt_neox":
            metadata.append(("rope.dimension_count", .integer(4)))
            metadata.append(("use_parallel_residual", .boolean(true)))
        case "gemma2":
            metadata.append(("attn_logit_softcapping", .number(50)))
            metadata.append(("final_logit_softcapping", .number(30)))
            metadata.append(("attention.sliding_window", .integer(16)))
        case "gemma3":
            metadata.append(("rope.freq_base", .number(1_000_000)))
            metadata.append(("attention.sliding_window", .integer(16)))
        case "olmo2", "olmo3":
            metadata.append(("rope.freq_base", .number(500_000)))
            guard architecture == "olmo3" else { break }
            metadata.append(("attention.sliding_window", .integer(16)))
            metadata.append(("rope.scaling.type", .text("yarn")))
            metadata.append(("rope.scaling.factor", .number(8)))
            metadata.append(("rope.scaling.original_context_length", .integer(64)))
            metadata.append(("rope.scaling.yarn_beta_fast", .number(8)))
            // The folder says 1.2079 where the formula gives 0.1 · ln 8 + 1.
            metadata.append(("rope.scaling.attn_factor", .number(1.2079 / 1.2079441)))
        case "qwen3_moe":
            metadata.append(("expert_count", .integer(size("num_experts"))))
            metadata.append(("expert_used_count", .integer(size("num_experts_per_tok"))))
            metadata.append(("expert_feed_forward_length", .integer(size("moe_intermediate_size"))))
        case "gpt_oss":
            metadata.append(("expert_count", .integer(size("num_local_experts"))))
            metadata.append(("expert_used_count", .integer(size("num_experts_per_tok"))))
            metadata.append(("expert_feed_forward_length", .integer(size("intermediate_size"))))
            metadata.append(("attention.sliding_window", .integer(16)))
            metadata.append(("rope.freq_base", .number(150_000)))
            metadata.append(("rope.scaling.type", .text("yarn")))
            metadata.append(("rope.scaling.factor", .number(4)))
            metadata.append(("rope.scaling.original_context_length", .integer(32)))
        case "phi3": metadata.append(("attention.sliding_window", .integer(16)))
        case "phi4":
            metadata.append(("attention.sliding_window", .integer(0)))
            metadata.append(("rope.dimension_count", .integer(12)))
            metadata.append(("rope.scaling.original_context_length", .integer(128)))
            // √(1 + ln 32 / ln 128): the folder does not say that contexts have at most 4096 tokens, the default.
            metadata.append(("rope.scaling.attn_factor", .number(1.3093073)))
        default: break
        }
        return [("general.architecture", .text(name))] + metadata.map { ("\(name).\($0.0)", $0.1) }
    }

    /// Writes the model, opens it by `body` and removes it.
    func with<Result>(
        change: (inout GGUFBuilder) -> Void = { _ in }, _ body: (String) throws -> Result
    ) throws -> Result {
        var builder = GGUFBuilder()
        builder.metadata = try metadata()
        for tensor in try ModelFolder.tensors(architecture) where !tensor.name.contains(".experts.") {
            let (shape, values) = values(tensor.name, tensor.shape, tensor.values)
            builder.tensors.append((name(tensor.name), shape, 0, GGUFBuilder.floats(values)))
        }
        if architecture == "gpt_oss" { try addJoinedExperts(to: &builder) } else { try addExperts(to: &builder) }
        if architecture == "phi4" {
            for (name, factors) in [
                ("short", [1, 1.02, 1.1, 1.5, 2, 2.5]), ("long", [1, 2, 4, 8, 16, 32]),
            ] as [(String, [Float])] {
                builder.tensors.append(("rope_factors_\(name).weight", [6], 0, GGUFBuilder.floats(factors)))
            }
        }
        change(&builder)
        let path = NSTemporaryDirectory() + "/gloss-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try builder.write(to: path)
        return try body(path)
    }
}
