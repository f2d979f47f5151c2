/// A place in a model where activations can be read.
///
/// `layers.N` is the residual stream after block N, `layers.N.attn` the output of its attention and `layers.N.mlp` that of
/// its feed-forward layer, both before they are added to the residual stream.
public struct Hookpoint: Hashable, Sendable, CustomStringConvertible {
    /// A place within a block, in the order of computation.
    public enum Site: String, Sendable, Hashable {
        /// The output of the attention.
        case attention = "attn"
        /// The output of the feed-forward layer.
        case feedForward = "mlp"
        /// The residual stream after the block.
        case residual = ""
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

    /// Reads a name such as `layers.10` or `layers.3.mlp`; `nil` for anything else.
    public init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "layers", (1...6).contains(parts[1].utf8.count),
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
