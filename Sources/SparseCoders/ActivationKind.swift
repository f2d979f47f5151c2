/// How a coder decides which latents are active.
public enum ActivationKind: String, Sendable, Hashable, CaseIterable {
    /// The k largest positive pre-activations of a token.
    case topK = "topk"
    /// All positive pre-activations.
    case relu
    /// All pre-activations above a threshold of their latent's own.
    case jumpReLU = "jumprelu"
    /// All positive magnitudes whose gate is open.
    case gated
    /// The largest positive pre-activation of each group of latents.
    case groupMax = "groupmax"

    /// Whether the activation itself bounds how many latents are active on a token.
    public var boundsRows: Bool {
        switch self {
        case .topK, .groupMax: true
        case .relu, .jumpReLU, .gated: false
        }
    }
}
