public import Elements

/// Which tokens of an example stand out, and how strongly.
public enum MarkedTokens {
    /// The share of an example's peak above which a token is marked (Paulo et al., arXiv 2410.13928, section 3).
    public static let threshold: Float = 0.3

    /// `[tokens]`: whether each token's activation is positive and above `threshold` times the example's peak (strictly).
    public static func marks(of example: Example, threshold: Float = threshold) -> [Bool] {
        example.activations.map { $0 > 0 && $0 > threshold * example.peak }
    }

    /// `[tokens]`: each activation as a whole number from 0 to 10, `ceil(10 * a / maximum)` clamped.
    ///
    /// `maximum` is the largest activation of the latent; if it is not positive, every strength is 0.
    public static func strengths(of example: Example, maximum: Float) -> [UInt8] {
        example.activations.map { activation in
            guard maximum > 0, activation > 0 else { return 0 }
            let scaled = (10 * activation / maximum).rounded(.up)
            return scaled.isFinite ? UInt8(min(max(scaled, 0), 10)) : 10
        }
    }
}
