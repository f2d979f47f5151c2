/// A place in a model as some program spells it, read as a hookpoint of Gloss.
///
/// Spellings are those of TransformerLens and SAELens (`blocks.3.hook_resid_post`), of Hugging Face's modules and nnsight
/// (`model.layers.3.output`, `transformer.h.3`, `model.layers.3.self_attn.o_proj.input`), and Gloss' own. Sources: TransformerLens 2,
/// `components/transformer_block.py`; the modules of `transformers`; `hf_hook_point_in` in the files of Gemma Scope 2.
public enum PlaceName: Sendable, Hashable {
    /// The hookpoint of a name such as `layers.3.mlp`.
    case hookpoint(String)
    /// The spelling is known, and no hookpoint is at that place.
    case noHookpoint
    /// The spelling is not known, or means different places in different models, so that nothing can be said.
    case unknown

    /// Reads a name.
    public init(_ name: String) {
        if name == "embed" {
            self = .hookpoint(name)
        } else if name.hasPrefix("layers.") {
            self = Self.isOwn(name) ? .hookpoint(name) : .unknown
        } else if let (layer, rest) = Self.parted(name, after: ["blocks."]) {
            self.init(Self.ofTransformerLens(rest, layer))
        } else if let (layer, rest) = Self.parted(name, after: Self.modules) {
            // In Gemma 2 and 3 it comes after the attention, elsewhere before the feed-forward layer.
            if rest == "post_attention_layernorm.output" {
                self = .unknown
            } else {
                self.init(Self.ofModules(rest, layer))
            }
        } else {
            self = ["hook_embed", "hook_pos_embed"].contains(name) ? .noHookpoint : .unknown
        }
    }

    /// Whether a name is written like one of Gloss' own, `layers.N` or that and a dot and more.
    static func isOwn(_ name: String) -> Bool { parted(name, after: ["layers."]) != nil }

    private init(_ hookpoint: String?) { self = hookpoint.map(Self.hookpoint) ?? .noHookpoint }

    /// What stands before the number of a block in the names of modules.
    private static let modules = [
        "model.language_model.layers.", "language_model.model.layers.", "model.model.layers.", "model.layers.",
        "transformer.h.", "gpt_neox.layers.",
    ]

    /// The number of a block and what follows it; `nil` if a name does not begin with any of the prefixes and a number.
    private static func parted(_ name: String, after prefixes: [String]) -> (layer: Int, rest: Substring)? {
        guard let prefix = prefixes.first(where: name.hasPrefix) else { return nil }
        let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        // nnsight writes an output's first part as `output[0]`.
        guard let first = parts.first, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let layer = Int(first)
        else { return nil }
        var rest = parts.count > 1 ? parts[1] : ""
        if rest.hasSuffix("[0]") { rest = rest.dropLast(3) }
        return (layer, rest)
    }

    /// The hookpoint at a place within a block of TransformerLens.
    ///
    /// Of models with a norm after a module, `hook_attn_out` and `hook_mlp_out` lie after that norm. `ln2.hook_normalized` lies before
    /// the norm's weight is applied, `hook_mlp_in` before the norm. `mlp.hook_in` and `mlp.hook_out` are circuit-tracer's.
    private static func ofTransformerLens(_ rest: Substring, _ layer: Int) -> String? {
        switch rest {
        case "hook_resid_post": "layers.\(layer)"
        case "hook_resid_mid": "layers.\(layer).middle"
        case "hook_resid_pre": before(layer)
        case "hook_attn_out": "layers.\(layer).attn.normed"
        case "attn.hook_z": "layers.\(layer).attn.heads"
        case "ln2.hook_normalized": "layers.\(layer).mlp.input.normalized"
        case "mlp.hook_in": "layers.\(layer).mlp.input"
        case "mlp.hook_out": "layers.\(layer).mlp"
        case "hook_mlp_out": "layers.\(layer).mlp.normed"
        case "mlp.hook_post": "layers.\(layer).mlp.neurons"
        default: nil
        }
    }

    private static func ofModules(_ rest: Substring, _ layer: Int) -> String? {
        switch rest {
        case "", "output": "layers.\(layer)"
        case "input": before(layer)
        case "input_layernorm.output", "self_attn.input": "layers.\(layer).attn.input"
        case "self_attn.o_proj.input": "layers.\(layer).attn.heads"
        case "self_attn", "self_attn.output", "self_attn.o_proj.output": "layers.\(layer).attn"
        case "pre_feedforward_layernorm.output", "mlp.input": "layers.\(layer).mlp.input"
        case "mlp.down_proj.input": "layers.\(layer).mlp.neurons"
        case "mlp", "mlp.output", "mlp.down_proj.output": "layers.\(layer).mlp"
        case "post_feedforward_layernorm.output": "layers.\(layer).mlp.normed"
        default: nil
        }
    }

    private static func before(_ layer: Int) -> String { layer > 0 ? "layers.\(layer - 1)" : "layers.0.input" }
}
