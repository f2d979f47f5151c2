/// Which side of a neuron's activation is a latent, if an MLP's own neurons serve as a coder.
public enum NeuronSides: String, Sendable, Hashable, CaseIterable {
    /// Latent `i` is neuron `i` if it is positive; negative activations are silent.
    case positive
    /// Latent `i` is neuron `i`, active with its absolute value; the sign is lost, in reconstructions too.
    case absolute
    /// Both sides are latents of their own: `i` is neuron `i` if it is positive, `width + i` if it is negative.
    case signed

    /// The number of latents of `width` neurons.
    func latents(width: Int) -> Int { self == .signed ? 2 * width : width }

    /// A latent's activation, before only the largest are kept.
    @inline(__always)
    func activation(_ value: Float, latent: Int, width: Int) -> Float {
        switch self {
        case .positive: value
        case .absolute: abs(value)
        case .signed: latent < width ? value : -value
        }
    }

    /// The direction of a latent among the neurons, `[width]`.
    func direction(_ latent: Int, width: Int) -> [Float] {
        var direction = [Float](repeating: 0, count: width)
        direction[latent % max(width, 1)] = self == .signed && latent >= width ? -1 : 1
        return direction
    }
}
