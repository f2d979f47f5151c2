internal import Glibc

/// Frequencies for contexts longer than those of training: pairs that turn often there are kept, those that hardly turn are slowed.
///
/// Source: Peng et al., arXiv 2309.00071; bounds and roundings are those of Hugging Face's `modeling_rope_utils.py`.
public struct YarnScaling: Sendable, Hashable {
    /// The factor by which low frequencies are divided.
    let factor: Double
    /// The most tokens of a context in the first training.
    let originalContext: Double
    /// The turns within the original context from which on a frequency is kept.
    var fastTurns = 32.0
    /// The turns within the original context up to which a frequency is divided.
    var slowTurns = 1.0
    /// Whether the bounds are moved outwards to whole pairs.
    var isTruncated = true

    /// The frequencies, in radians per position, of the plain ones of a base: `[width / 2]`.
    func frequencies(_ plain: [Double], base: Double) -> [Float] {
        let width = Double(2 * plain.count)
        func pair(turns: Double) -> Double {
            width * log(originalContext / (turns * 2 * Double.pi)) / (2 * log(base))
        }
        let (fast, slow) = (pair(turns: fastTurns), pair(turns: slowTurns))
        let low = max(isTruncated ? fast.rounded(.down) : fast, 0)
        var high = min(isTruncated ? slow.rounded(.up) : slow, width - 1)
        if low == high { high += 0.001 }
        return plain.enumerated().map { index, frequency in
            let share = min(max((Double(index) - low) / (high - low), 0), 1)
            return Float(frequency / factor * share + frequency * (1 - share))
        }
    }

    /// The factor of cosines and sines that the paper advises, `0.1 · ln(factor) + 1`.
    static func attentionFactor(_ factor: Double, times scale: Double = 1) -> Double {
        factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1
    }
}
