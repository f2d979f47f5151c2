import Elements

/// The definition of a TopK coder, one number after the other in double precision.
struct NaiveCoder {
    let width: Int
    let latents: Int
    let k: Int
    let encoder: [Float]
    let bias: [Float]
    let offset: [Float]?

    /// All pre-activations of a row, after the ReLU.
    func preActivations(_ row: ArraySlice<Float>) -> [Double] {
        let row = Array(row)
        return (0..<latents).map { latent in
            var sum = Double(bias[latent])
            for column in 0..<width {
                // Centring happens in 32-bit floats, as in the reference.
                let centred = row[column] - (offset?[column] ?? 0)
                sum += Double(encoder[latent * width + column]) * Double(centred)
            }
            return max(sum, 0)
        }
    }

    /// The latents kept, ascending: the largest, of equal ones those with the lower index, none that are zero.
    func kept(_ preActivations: [Double]) -> [Int] {
        preActivations.indices
            .sorted { (-preActivations[$0], $0) < (-preActivations[$1], $1) }
            .prefix(k).filter { preActivations[$0] > 0 }.sorted()
    }
}
