/// Floats of four bits, 32 of which share a power of two: MXFP4.
///
/// A value has a sign, two bits of exponent and one of mantissa. Source: OCP Microscaling Formats (MX) 1.0, 2023.
public enum MicroFloat {
    /// The number of values that share a power of two.
    public static let valuesPerBlock = 32
    /// The exponent that stands for no number.
    public static let noNumber: UInt8 = 255
    private static let values: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]

    private static func scale(_ exponent: UInt8) -> Float {
        exponent == noNumber ? .nan : Float(sign: .plus, exponent: Int(exponent) - 127, significand: 1)
    }

    /// Expands ggml's blocks of a power of two and 16 bytes, whose low halves are the first 16 values.
    static func expand(_ source: UnsafeRawPointer, _ blocks: Int, _ target: UnsafeMutablePointer<Float>) {
        values.withUnsafeBufferPointer { values in
            for block in 0..<blocks {
                let start = source + 17 * block
                let scale = scale(start.load(as: UInt8.self))
                for place in 0..<16 {
                    let byte = Int(start.load(fromByteOffset: 1 + place, as: UInt8.self))
                    target[32 * block + place] = values[byte & 15] * scale
                    target[32 * block + 16 + place] = values[byte >> 4] * scale
                }
            }
        }
    }

    /// Expands blocks of 16 bytes, each of which holds two neighbours, the low half first; the powers of two stand by themselves.
    ///
    /// `bytes` are `[blocks, 16]`, `exponents` `[blocks]`, `target` `[blocks · 32]`.
    public static func expand(
        _ bytes: UnsafeRawPointer, exponents: UnsafeRawPointer, blocks: Int, into target: UnsafeMutablePointer<Float>
    ) {
        values.withUnsafeBufferPointer { values in
            for block in 0..<blocks {
                let scale = scale(exponents.load(fromByteOffset: block, as: UInt8.self))
                for place in 0..<16 {
                    let byte = Int(bytes.load(fromByteOffset: 16 * block + place, as: UInt8.self))
                    target[32 * block + 2 * place] = values[byte & 15] * scale
                    target[32 * block + 2 * place + 1] = values[byte >> 4] * scale
                }
            }
        }
    }
}
