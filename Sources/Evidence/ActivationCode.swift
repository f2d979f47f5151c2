/// A positive activation in 16 bits: eight bits of exponent and eight of mantissa, the upper half of a `Float` without
/// its sign.
///
/// Codes are ordered as their values are. The relative error is at most 2⁻⁹. Rounding is to nearest, ties to even; what
/// would round to infinity becomes the largest finite code and what would round to zero the smallest positive one, so a
/// token that fired still shows as fired. Code 0 means silent.
enum ActivationCode {
    static let silent: UInt16 = 0
    static let largest: UInt16 = 0xfeff

    /// The code of a positive, finite activation.
    static func encode(_ activation: Float) -> UInt16 {
        let bits = activation.bitPattern & 0x7fff_ffff
        let rounded = (bits + 0x3fff + (bits >> 15 & 1)) >> 15
        return UInt16(min(max(rounded, 1), UInt32(largest)))
    }

    /// The activation that a code stands for.
    static func decode(_ code: UInt16) -> Float {
        Float(bitPattern: UInt32(code) << 15)
    }
}
