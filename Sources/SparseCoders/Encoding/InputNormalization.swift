/// The normalization of a row of the input before it is centred, and undone to its reconstruction.
///
/// Source: `sae_lens/saes/sae.py`, version 6.54, `_setup_activation_normalization`. Sums are taken in double precision, one value after
/// the other, so that a row's bits depend on the row alone.
enum InputNormalization: String, Sendable, Hashable {
    /// Nothing.
    case none
    /// The mean is taken away, and the row divided by its standard deviation (of `n − 1`) plus 10⁻⁵.
    case layerNorm = "layer_norm"
    /// The row is scaled to the norm `√d_in`; a row of zeros stays.
    case constantNorm = "constant_norm_rescale"

    /// The inverse of a normalization: `y · scale + shift`.
    struct Inverse: Hashable {
        var scale: Float = 1
        var shift: Float = 0
    }

    /// Writes the normalized row; gives what undoes it.
    @discardableResult
    func apply(_ source: UnsafeBufferPointer<Float>, to target: UnsafeMutablePointer<Float>) -> Inverse {
        switch self {
        case .none:
            for column in source.indices { target[column] = source[column] }
            return Inverse()
        case .layerNorm:
            let mean = Float(source.reduce(0.0) { $0 + Double($1) } / Double(max(source.count, 1)))
            let squares = source.reduce(0.0) { sum, value in
                let difference = Double(value - mean)
                return sum + difference * difference
            }
            let deviation = Float((squares / Double(max(source.count - 1, 1))).squareRoot())
            for column in source.indices { target[column] = (source[column] - mean) / (deviation + 1e-5) }
            return Inverse(scale: deviation, shift: mean)
        case .constantNorm:
            let norm = Float(source.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
            let factor = norm > 0 ? Float(source.count).squareRoot() / norm : 1
            for column in source.indices { target[column] = source[column] * factor }
            return Inverse(scale: 1 / factor)
        }
    }
}
