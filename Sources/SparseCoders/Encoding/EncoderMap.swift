import LinearAlgebra

/// The linear part of an encoder: from a row of the input to one product per latent.
enum EncoderMap: Sendable {
    /// `[latents, d_in]` row-major: a latent's row is its direction in the input.
    case matrix([Float])
    /// The input's own columns.
    case neurons(NeuronSides)

    /// The memory it takes, in bytes.
    var byteCount: Int {
        switch self {
        case .matrix(let rows): 4 * rows.count
        case .neurons: 0
        }
    }

    /// A latent's direction in the input, `[d_in]`.
    func row(_ latent: Int, inputWidth: Int) -> [Float] {
        switch self {
        case .matrix(let rows): Array(rows[latent * inputWidth..<(latent + 1) * inputWidth])
        case .neurons(let sides): sides.direction(latent, width: inputWidth)
        }
    }

    /// Writes the products `[latents.count, columns]` of some latents with `[columns, d_in]` inputs.
    func multiply(
        _ inputs: UnsafePointer<Float>, latents: Range<Int>, into products: UnsafeMutablePointer<Float>, columns: Int,
        inputWidth: Int
    ) {
        switch self {
        case .matrix(let rows):
            rows.withUnsafeBufferPointer { rows in
                guard let rows = rows.baseAddress else { return }
                LinearAlgebra.multiply(
                    rows + latents.lowerBound * inputWidth, transposed: inputs, into: products, rows: latents.count,
                    columns: columns, depth: inputWidth)
            }
        case .neurons(let sides):
            for (row, latent) in latents.enumerated() {
                let values = products + row * columns
                let source = inputs + latent % inputWidth
                for column in 0..<columns {
                    values[column] = sides.activation(source[column * inputWidth], latent: latent, width: inputWidth)
                }
            }
        }
    }
}
