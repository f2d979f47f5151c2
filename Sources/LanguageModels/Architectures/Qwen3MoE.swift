internal import JSONText
internal import WeightFiles

/// Qwen 3 with a mixture of experts in the place of the feed-forward layer, in all blocks or some.
///
/// Source: Yang et al., arXiv 2505.09388.
enum Qwen3MoE: Architecture {
    static let names = ["qwen3_moe", "qwen3moe"]
    static let folderDefaults: [JSONValue.Member] = [
        ("num_experts", .integer(128)), ("num_experts_per_tok", .integer(8)),
        ("moe_intermediate_size", .integer(768)), ("norm_topk_prob", .boolean(false)),
        ("decoder_sparse_step", .integer(1)), ("rms_norm_eps", .number(1e-6)),
    ]

    static func configuration(of files: ModelFiles) throws(ModelError) -> ModelConfiguration {
        var configuration = try QwenSettings.configuration(of: files, name: name)
        let sizes = 1...(1 << 20)
        func size(_ gguf: String, _ huggingFace: String) throws(ModelError) -> Int {
            let setting = SettingName(gguf: gguf, huggingFace: huggingFace)
            return try files.required(setting, try files.integer(setting, in: sizes))
        }
        let count = try size("expert_count", "num_experts")
        let chosen = try size("expert_used_count", "num_experts_per_tok")
        guard chosen <= count else {
            throw files.failure("num_experts_per_tok", found: "\(chosen)", expected: "at most \(count), all experts")
        }
        // GGUF files do not say it; llama.cpp's graph of this architecture scales them.
        let isNormalised = files.format == .gguf ? true : try files.isSet("norm_topk_prob")
        configuration.experts = ExpertSettings(
            count: count, chosen: chosen,
            width: try size("expert_feed_forward_length", "moe_intermediate_size"), isNormalised: isNormalised)
        return configuration
    }

    static func weights(
        in files: ModelFiles, _ configuration: ModelConfiguration
    ) throws(ModelError) -> StoredWeights {
        let hasBiases = try files.isSet("attention_bias")
        let dense = try denseBlocks(files, configuration.blocks)
        return try GatedDecoder(
            files: files, configuration: configuration, hasQueryKeyValueBiases: hasBiases, hasOutputBias: hasBiases,
            headNorms: .each, experts: .separate(blocks: Set(0..<configuration.blocks).subtracting(dense))
        ).weights()
    }

    /// The blocks that have one feed-forward layer for all tokens.
    private static func denseBlocks(_ files: ModelFiles, _ blocks: Int) throws(ModelError) -> Set<Int> {
        guard case .huggingFace(let settings, _) = files.settings else {
            return Set((0..<blocks).filter { files.tensors["blk.\($0).ffn_gate_inp.weight"] == nil })
        }
        let setting = SettingName(gguf: "", huggingFace: "decoder_sparse_step")
        let step = try files.required(setting, try files.integer(setting, in: 1...(1 << 20)))
        var dense = Set((0..<blocks).filter { ($0 + 1) % step != 0 })
        switch settings["mlp_only_layers"] {
        case .none, .some(.null): break
        case .some(let list):
            let named = (list.array ?? []).compactMap(\.integer)
            guard let given = list.array, named.count == given.count else {
                throw files.failure("mlp_only_layers", found: list.text, expected: "a list of numbers of blocks")
            }
            dense.formUnion(named)
        }
        return dense
    }
}
