/// The settings that most transformer architectures share.
extension SettingName {
    static let width = SettingName(gguf: "embedding_length", huggingFace: "hidden_size")
    static let blocks = SettingName(gguf: "block_count", huggingFace: "num_hidden_layers")
    static let heads = SettingName(gguf: "attention.head_count", huggingFace: "num_attention_heads")
    static let keyValueHeads = SettingName(gguf: "attention.head_count_kv", huggingFace: "num_key_value_heads")
    static let headWidth = SettingName(gguf: "attention.key_length", huggingFace: "head_dim")
    static let feedForwardWidth = SettingName(gguf: "feed_forward_length", huggingFace: "intermediate_size")
    static let maximumContext = SettingName(gguf: "context_length", huggingFace: "max_position_embeddings")
    static let rootMeanSquareEpsilon = SettingName(
        gguf: "attention.layer_norm_rms_epsilon", huggingFace: "rms_norm_eps")
    static let layerNormEpsilon = SettingName(gguf: "attention.layer_norm_epsilon", huggingFace: "layer_norm_eps")
    static let vocabulary = SettingName(gguf: "vocab_size", huggingFace: "vocab_size")
    static let slidingWindow = SettingName(gguf: "attention.sliding_window", huggingFace: "sliding_window")
    static let attentionCap = SettingName(gguf: "attn_logit_softcapping", huggingFace: "attn_logit_softcapping")
    static let logitCap = SettingName(gguf: "final_logit_softcapping", huggingFace: "final_logit_softcapping")
}

/// The names of the settings that give a model's sizes.
struct SizeSettings {
    var width = SettingName.width
    var blocks = SettingName.blocks
    var heads = SettingName.heads
    var feedForwardWidth = SettingName.feedForwardWidth
    /// How often the width goes into that of the feed-forward layer, if files need not say the latter.
    var feedForwardMultiple: Int?
    var maximumContext = SettingName.maximumContext
    var normEpsilon = SettingName.rootMeanSquareEpsilon
}
