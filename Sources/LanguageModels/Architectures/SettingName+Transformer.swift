/// The settings that most transformer architectures share.
extension SettingName {
    static let width = SettingName(gguf: "embedding_length", huggingFace: "hidden_size")
    static let blocks = SettingName(gguf: "block_count", huggingFace: "num_hidden_layers")
    static let heads = SettingName(gguf: "attention.head_count", huggingFace: "num_attention_heads")
    static let keyValueHeads = SettingName(gguf: "attention.head_count_kv", huggingFace: "num_key_value_heads")
    static let headWidth = SettingName(gguf: "attention.key_length", huggingFace: "head_dim")
    static let feedForwardWidth = SettingName(gguf: "feed_forward_length", huggingFace: "intermediate_size")
    static let maximumContext = SettingName(gguf: "context_length", huggingFace: "max_position_embeddings")
    static let normEpsilon = SettingName(gguf: "attention.layer_norm_rms_epsilon", huggingFace: "rms_norm_eps")
}
