/// The two products of a feed-forward layer, or of one expert, as their files have them.
struct StoredFeedForwardLayer: Sendable {
    /// The gate, then what it multiplies: `[2 · hidden, width]`; `[hidden, width]` without a gate.
    let gateAndUp: StoredLinear
    /// `[width, hidden]`.
    let down: StoredLinear
}

/// What answers the tokens of a block after its attention, as its files have it.
enum StoredFeedForward: Sendable {
    /// One layer for all tokens.
    case dense(StoredFeedForwardLayer)
    /// Experts, and the layer that scores them, `[experts, width]`.
    case experts([StoredFeedForwardLayer], router: StoredLinear)

    /// All matrices with their biases.
    var layers: [StoredLinear] {
        switch self {
        case .dense(let layer): [layer.gateAndUp, layer.down]
        case .experts(let experts, let router): [router] + experts.flatMap { [$0.gateAndUp, $0.down] }
        }
    }
}

/// The two products of a feed-forward layer, or of one expert, checked.
struct FeedForwardLayer: Sendable {
    let gateAndUp: LinearLayer
    let down: LinearLayer

    /// Of an expert, one of many, no floats are kept.
    init(_ stored: StoredFeedForwardLayer, isExpert: Bool = false) throws(ModelError) {
        gateAndUp = try LinearLayer(stored.gateAndUp, keepsFloats: !isExpert)
        down = try LinearLayer(stored.down, keepsFloats: !isExpert)
    }
}

/// What answers the tokens of a block after its attention, checked.
enum FeedForward: Sendable {
    case dense(FeedForwardLayer)
    case experts([FeedForwardLayer], router: LinearLayer)

    init(_ stored: StoredFeedForward) throws(ModelError) {
        switch stored {
        case .dense(let layer): self = .dense(try FeedForwardLayer(layer))
        case .experts(let experts, let router):
            var layers: [FeedForwardLayer] = []
            for expert in experts { layers.append(try FeedForwardLayer(expert, isExpert: true)) }
            self = .experts(layers, router: try LinearLayer(router))
        }
    }
}
