/// The places in a model where a coder was trained to read and to write, as far as its files say.
public struct CoderPlacement: Sendable, Hashable {
    /// Whether it writes another place than it reads: its output approximates another hookpoint's activations than its input's.
    public let isTranscoder: Bool
    /// The place it reads, named as in its settings: `blocks.3.ln2.hook_normalized`, say; `nil` if they name none.
    public let input: String?
    /// The place it writes; that of the input if the coder is no transcoder.
    public let output: String?

    /// Makes a placement; a coder that is no transcoder writes what it reads.
    public init(isTranscoder: Bool = false, input: String? = nil, output: String? = nil) {
        self.isTranscoder = isTranscoder
        self.input = input
        self.output = isTranscoder ? output : input
    }

    /// The place it reads, as a hookpoint of Gloss such as `layers.3.mlp.input`; `nil` if there is none.
    public var inputHookpoint: String? { input.flatMap(Self.hookpoint) }

    /// The hookpoint at the place that TransformerLens calls by a name; names of hookpoints of Gloss stay.
    ///
    /// The input of block 0 is no block's output, and `ln2.hook_normalized` lies before the norm's weight is applied,
    /// so that neither has a hookpoint. Of models with a norm after the MLP, `hook_mlp_out` lies after that norm.
    /// Source: TransformerLens 2, `components/transformer_block.py`.
    private static func hookpoint(_ name: String) -> String? {
        if name.hasPrefix("layers.") { return name }
        let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "blocks", let layer = Int(parts[1]), layer >= 0 else { return nil }
        return switch parts[2] {
        case "hook_resid_post": "layers.\(layer)"
        case "hook_resid_pre": layer > 0 ? "layers.\(layer - 1)" : nil
        case "hook_attn_out": "layers.\(layer).attn"
        case "hook_mlp_out": "layers.\(layer).mlp"
        case "mlp.hook_post": "layers.\(layer).mlp.neurons"
        default: nil
        }
    }
}
