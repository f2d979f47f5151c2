/// A place in a model whose activations can be read.
///
/// `layers.N` is the residual stream after block N and `layers.N.input` that before it. `layers.N.attn` is the output
/// of its attention and `layers.N.mlp` that of its feed-forward layer, both as the module gives them: before a norm
/// after the module, if there is one, and before they are added to the residual stream. `layers.N.attn.input` and
/// `layers.N.mlp.input` are what the modules read, which is after the norm before each: what transcoders read.
/// `layers.N.mlp.neurons` is what the second product of the feed-forward layer reads: after the nonlinearity and, if
/// there is a gate, `act(gate) · up`.
public struct Hookpoint: Hashable, Sendable, CustomStringConvertible {
    /// A place within a block, in the order of computation.
    public enum Site: String, Sendable, Hashable, CaseIterable, Comparable {
        /// The residual stream before the block.
        case input = "input"
        /// The input of the attention.
        case attentionInput = "attn.input"
        /// The output of the attention.
        case attention = "attn"
        /// The input of the feed-forward layer.
        case feedForwardInput = "mlp.input"
        /// The feed-forward layer's values between its two products, after the nonlinearity.
        case neurons = "mlp.neurons"
        /// The output of the feed-forward layer.
        case feedForward = "mlp"
        /// The residual stream after the block.
        case residual = ""

        private var rank: Int {
            switch self {
            case .input: 0
            case .attentionInput: 1
            case .attention: 2
            case .feedForwardInput: 3
            case .neurons: 4
            case .feedForward: 5
            case .residual: 6
            }
        }

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

    /// Reads a name such as `layers.10` or `layers.3.mlp.input`; `nil` for anything else.
    public init?(_ name: String) {
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
