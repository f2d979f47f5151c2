/// Where the folders of Gemma Scope and Gemma Scope 2 lie tells what their coders were trained on, since not all of them say it in a file.
///
/// `gemma-scope-2b-pt-att/layer_12/width_16k/average_l0_82` and `resid_post/layer_9_width_16k_l0_small`, for example. Sources: the
/// repositories `google/gemma-scope-*`, and `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54.
struct GemmaScopePath {
    private let layer: Int?
    private let parts: [Substring]

    /// The names of the folders on the way to the coder, its own last.
    init(_ names: [Substring]) {
        parts = names
        layer =
            parts.reversed().lazy.compactMap { part -> Int? in
                guard part.hasPrefix("layer_") else { return nil }
                return Int(part.dropFirst("layer_".count).prefix { $0.isNumber })
            }.first
    }

    /// The active latents of a token in the folder's name: `average_l0_82`.
    var latentsPerToken: Double? {
        parts.last.flatMap { $0.hasPrefix("average_l0_") ? Double($0.dropFirst("average_l0_".count)) : nil }
    }

    /// Whether it is a coder of the first Gemma Scope that reads the embeddings: `gemma-scope-2b-pt-res/embedding/width_4k/average_l0_6`.
    var isOfEmbeddings: Bool { parts.contains("embedding") && parts.contains(where: Self.isRepository) }

    /// Of the first Gemma Scope: the residual stream, what the heads of the attention have gathered, or what is added after the MLP.
    var placement: (input: String, output: String)? {
        if isOfEmbeddings { return ("embed", "embed") }
        guard let layer, let repository = parts.last(where: { Self.isRepository($0) }) else { return nil }
        let place: String
        switch repository.split(separator: "-").last {
        case "res": place = "model.layers.\(layer).output"
        case "att": place = "model.layers.\(layer).self_attn.o_proj.input"
        case "mlp": place = "model.layers.\(layer).post_feedforward_layernorm.output"
        // They read what the norm gives before its weight, which is folded into the MLP.
        case "transcoders":
            return (
                "blocks.\(layer).ln2.hook_normalized", "model.layers.\(layer).post_feedforward_layernorm.output"
            )
        default: return nil
        }
        return (place, place)
    }

    /// Of Gemma Scope 2, by the folder that the coder's own lies in, such as `attn_out_all`.
    var secondPlacement: (input: String, output: String)? {
        guard let layer, parts.count > 1 else { return nil }
        let site = parts[parts.count - 2]
        let block = "model.layers.\(layer)."
        let added = block + "post_feedforward_layernorm.output"
        if site.hasPrefix("resid_post") { return (block + "output", block + "output") }
        if site.hasPrefix("attn_out") { return (block + "self_attn.o_proj.input", block + "self_attn.o_proj.input") }
        if site.hasPrefix("mlp_out") { return (added, added) }
        return site.hasPrefix("transcoder") ? (block + "pre_feedforward_layernorm.output", added) : nil
    }

    private static func isRepository(_ part: Substring) -> Bool {
        part.hasPrefix("gemma-scope-")
            && ["res", "att", "mlp", "transcoders"].contains(part.split(separator: "-").last)
    }
}
