import WeightFiles

/// The vector that a latent adds to the output per unit of its activation, `[latents, d_out]`, wherever it is kept.
enum DecoderRows: Sendable {
    /// In the weight file; encoding has no use for it.
    case file(Tensor)
    /// In memory, shared with the encoder if they are the same.
    case matrix([Float])
    /// The directions of neurons.
    case neurons(NeuronSides)

    /// Writes a latent's row to `[d_out]`.
    func read(_ latent: Int, into row: UnsafeMutableBufferPointer<Float>) throws(CoderError) {
        switch self {
        case .file(let tensor):
            do throws(WeightFileError) {
                try tensor.read(rows: latent..<latent + 1, into: row)
            } catch {
                throw CoderError(error, file: error.file)
            }
        case .matrix(let rows):
            let start = latent * row.count
            for column in row.indices { row[column] = rows[start + column] }
        case .neurons(let sides):
            let direction = sides.direction(latent, width: row.count)
            for column in row.indices { row[column] = direction[column] }
        }
    }
}
