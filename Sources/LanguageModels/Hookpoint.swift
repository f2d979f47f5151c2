/// A place in a model whose activations can be read.
///
/// `layers.N` is the residual stream after block N, `layers.N.input` that before it, and `layers.N.middle` that between, with the
/// attention's output added. `layers.N.attn` is the output of its attention and `layers.N.mlp` that of its feed-forward layer, both
/// as the module gives them; `layers.N.attn.normed` and `layers.N.mlp.normed` are what is added to the residual stream: the same, or
/// what a norm after the module makes of it (Gemma 2 and 3). `layers.N.attn.input` and `layers.N.mlp.input` are what the modules
/// read, which is after the norm before each: what transcoders read; `layers.N.mlp.input.normalized` is the same before the norm's
/// weight and bias are applied (`ln2.hook_normalized`). `layers.N.attn.heads` is what the last product of the attention
/// reads, `[heads · headWidth]`: what the heads have gathered (`hook_z`, flattened). `layers.N.mlp.neurons` is what the second product
/// of the feed-forward layer reads: after the nonlinearity and, if there is a gate, `act(gate) · up`.
public struct Hookpoint: Hashable, Sendable, CustomStringConvertible {
    /// A place within a block, in the order of computation.
    public enum Site: String, Sendable, Hashable, CaseIterable, Comparable {
        /// The residual stream before the block.
        case input = "input"
        /// The input of the attention.
        case attentionInput = "attn.input"
        /// What the heads of the attention have gathered, before the product that joins them.
        case heads = "attn.heads"
        /// The output of the attention.
        case attention = "attn"
        /// The output of the attention as it is added to the residual stream: after a norm of its own, if there is one.
        case attentionNormed = "attn.normed"
        /// The residual stream with the attention's output added.
        case middle = "middle"
        /// What the norm before the feed-forward layer makes of the stream before its weight and bias are applied.
        case feedForwardNormalized = "mlp.input.normalized"
        /// The input of the feed-forward layer.
        case feedForwardInput = "mlp.input"
        /// The feed-forward layer's values between its two products, after the nonlinearity.
        case neurons = "mlp.neurons"
        /// The output of the feed-forward layer.
        case feedForward = "mlp"
        /// The output of the feed-forward layer as it is added to the residual stream: after a norm of its own, if there is one.
        case feedForwardNormed = "mlp.normed"
        /// The residual stream after the block.
        case residual = ""

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// Orders by computation.
        public static func < (left: Site, right: Site) -> Bool { left.rank < right.rank }
    }

    /// The block, counted from 0.
    public let block: Int
    /// The place within it.
    public let site: Site

    /// Makes a hookpoint.
    public init(block: Int, site: Site) {
        self.block = block
        self.site = site
    }

    /// Reads a name such as `layers.10` or `layers.3.mlp.input`, or `embed`, the input of the first block; `nil` for anything else.
    public init?(_ name: String) {
        if name == "embed" {
            self.init(block: 0, site: .input)
            return
        }
        let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "layers", (1...6).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), parts[1] == "0" || parts[1].utf8.first != 0x30,
            let block = Int(parts[1])
        else { return nil }
        if parts.count == 2 {
            self.init(block: block, site: .residual)
        } else if let site = Site(rawValue: String(parts[2])), site != .residual {
            self.init(block: block, site: site)
        } else {
            return nil
        }
    }

    /// The name, such as `layers.10`.
    public var description: String { site == .residual ? "layers.\(block)" : "layers.\(block).\(site.rawValue)" }
}
