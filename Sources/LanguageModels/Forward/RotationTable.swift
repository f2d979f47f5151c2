internal import Glibc
internal import LinearAlgebra

/// The cosines and sines of a rotary embedding's angles, for the positions needed so far.
struct RotationTable {
    private let frequencies: [Float]
    private let factor: Float
    private var cosines: [Float] = []
    private var sines: [Float] = []
    private var positions = 0

    init(_ embedding: RotaryEmbedding) {
        frequencies = embedding.frequencies()
        factor = embedding.attentionFactor
    }

    /// Makes sure that the first `count` positions are there.
    mutating func prepare(positions count: Int) {
        guard count > positions else { return }
        cosines.reserveCapacity(count * frequencies.count)
        sines.reserveCapacity(count * frequencies.count)
        for position in positions..<count {
            for frequency in frequencies {
                // The reference implementations round the angle to single precision.
                let angle = Double(Float(position) * frequency)
                cosines.append(Float(cos(angle)) * factor)
                sines.append(Float(sin(angle)) * factor)
            }
        }
        positions = count
    }

    /// Turns the heads of tokens at positions from `first` on, which must have been prepared.
    ///
    /// `x` is `[tokens, heads, headWidth]`, `stride` the distance between the starts of two tokens.
    func rotate(
        _ x: UnsafeMutablePointer<Float>, stride: Int, tokens: Int, heads: Int, headWidth: Int, first: Int,
        kernels: VectorKernels
    ) {
        let half = frequencies.count
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                guard let cosines = cosines.baseAddress, let sines = sines.baseAddress else { return }
                for token in 0..<tokens {
                    kernels.rotate(
                        x + token * stride, heads: heads, headWidth: headWidth, half: half,
                        cosines: cosines + (first + token) * half, sines: sines + (first + token) * half)
                }
            }
        }
    }
}
