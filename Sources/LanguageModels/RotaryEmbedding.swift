internal import Glibc

/// Rotary position embedding: pairs of a head's values turn by an angle that grows with the position.
///
/// Source: Su et al., arXiv 2104.09864.
public struct RotaryEmbedding: Sendable, Hashable {
    /// How the angles are stretched for contexts longer than the model was first trained on.
    public enum Scaling: Sendable, Hashable {
        /// Not at all.
        case none
        /// Every frequency divided by a factor.
        case linear(factor: Double)
        /// Low frequencies divided by a factor, high ones kept, those between interpolated, as Llama 3.1 does.
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContext: Int)
        /// Each frequency divided by its own factor, as GGUF files store Llama 3.1's scaling.
        case factors([Float])
        /// High frequencies kept, low ones divided by a factor, those between in part.
        case yarn(YarnScaling)
    }

    /// The base of the frequencies.
    public let base: Double
    /// The number of values of a head that are turned; even.
    public let width: Int
    /// How the frequencies are scaled.
    public let scaling: Scaling
    /// The factor of cosines and sines, by which the turned values of queries and keys grow.
    let attentionFactor: Float
    /// The most tokens of a context for which the frequencies hold; `nil` if they hold for any.
    let maximumContext: Int?

    init(
        base: Double, width: Int, scaling: Scaling, attentionFactor: Double = 1, maximumContext: Int? = nil
    ) {
        self.base = base
        self.width = width
        self.scaling = scaling
        self.attentionFactor = Float(attentionFactor)
        self.maximumContext = maximumContext
    }

    /// The angle per position of each pair, in radians: `[width / 2]`.
    ///
    /// Rounded to single precision where the reference implementation (Hugging Face's `modeling_rope_utils.py`) does.
    func frequencies() -> [Float] {
        let plain = (0..<width / 2).map { pow(base, -2 * Double($0) / Double(width)) }
        switch scaling {
        case .none: return plain.map { Float($0) }
        case .linear(let factor): return plain.map { Float($0 / factor) }
        case .factors(let factors): return zip(plain, factors).map { Float($0 / Double($1)) }
        case .yarn(let scaling): return scaling.frequencies(plain, base: base)
        case .llama3(let factor, let low, let high, let originalContext):
            return plain.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                let turns = Double(originalContext) / wavelength
                if turns < low { return Float(frequency / factor) }
                if turns > high { return Float(frequency) }
                let smooth = (turns - low) / (high - low)
                return Float((1 - smooth) * frequency / factor + smooth * frequency)
            }
        }
    }
}
