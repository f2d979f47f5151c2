/// The names of a Llama model's tensors in both kinds of files.
struct LlamaTensorNames: Sendable {
    /// A tensor of a block.
    enum Part: Sendable {
        case attentionNorm, query, key, value, attentionOutput, feedForwardNorm, gate, up, down
    }

    let format: ModelFiles.Format

    var embedding: String { format == .gguf ? "token_embd.weight" : "model.embed_tokens.weight" }
    var finalNorm: String { format == .gguf ? "output_norm.weight" : "model.norm.weight" }
    var head: String { format == .gguf ? "output.weight" : "lm_head.weight" }

    func name(of part: Part, block: Int) -> String {
        format == .gguf ? "blk.\(block).\(ggufName(part)).weight" : "model.layers.\(block).\(name(part)).weight"
    }

    private func ggufName(_ part: Part) -> String {
        switch part {
        case .attentionNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .attentionOutput: "attn_output"
        case .feedForwardNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up: "ffn_up"
        case .down: "ffn_down"
        }
    }

    private func name(_ part: Part) -> String {
        switch part {
        case .attentionNorm: "input_layernorm"
        case .query: "self_attn.q_proj"
        case .key: "self_attn.k_proj"
        case .value: "self_attn.v_proj"
        case .attentionOutput: "self_attn.o_proj"
        case .feedForwardNorm: "post_attention_layernorm"
        case .gate: "mlp.gate_proj"
        case .up: "mlp.up_proj"
        case .down: "mlp.down_proj"
        }
    }
}
