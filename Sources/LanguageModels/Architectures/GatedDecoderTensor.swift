/// A tensor of a block of Llama or one of its descendants.
enum GatedDecoderTensor: Sendable {
    case attentionNorm, query, key, value, queryKeyValue, queryNorm, keyNorm, attentionOutput, postAttentionNorm
    case feedForwardNorm, gate, up, gateAndUp, down, router, gates, ups, downs, postFeedForwardNorm

    /// Its name in GGUF files.
    var gguf: String {
        switch self {
        case .attentionNorm: "attn_norm"
        case .query: "attn_q"
        case .key: "attn_k"
        case .value: "attn_v"
        case .queryKeyValue: "attn_qkv"
        case .queryNorm: "attn_q_norm"
        case .keyNorm: "attn_k_norm"
        case .attentionOutput: "attn_output"
        case .postAttentionNorm: "post_attention_norm"
        case .feedForwardNorm: "ffn_norm"
        case .gate: "ffn_gate"
        case .up, .gateAndUp: "ffn_up"
        case .down: "ffn_down"
        case .router: "ffn_gate_inp"
        case .gates: "ffn_gate_exps"
        case .ups: "ffn_up_exps"
        case .downs: "ffn_down_exps"
        case .postFeedForwardNorm: "post_ffw_norm"
        }
    }

    /// Its name in Hugging Face folders; `post_attention_layernorm` is what it says only if there are norms after the
    /// modules, else it is the norm before the feed-forward layer.
    func huggingFace(hasPostNorms: Bool) -> String {
        switch self {
        case .attentionNorm: "input_layernorm"
        case .query: "self_attn.q_proj"
        case .key: "self_attn.k_proj"
        case .value: "self_attn.v_proj"
        case .queryKeyValue: "self_attn.qkv_proj"
        case .queryNorm: "self_attn.q_norm"
        case .keyNorm: "self_attn.k_norm"
        case .attentionOutput: "self_attn.o_proj"
        case .postAttentionNorm: "post_attention_layernorm"
        case .feedForwardNorm: hasPostNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm"
        case .gate: "mlp.gate_proj"
        case .up: "mlp.up_proj"
        case .gateAndUp: "mlp.gate_up_proj"
        case .down: "mlp.down_proj"
        case .router: "mlp.gate"
        case .gates: "mlp.experts.gate_proj"
        case .ups: "mlp.experts.up_proj"
        case .downs: "mlp.experts.down_proj"
        case .postFeedForwardNorm: "post_feedforward_layernorm"
        }
    }
}
