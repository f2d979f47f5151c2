import WeightFiles

/// The vector that a latent adds to the output per unit of its activation, `[latents, d_out]`, wherever it is kept.
indirect enum DecoderRows: Sendable {
    /// In the weight file; encoding has no use for it.
    case file(Tensor)
    /// In memory.
    case matrix([Float])
    /// Those of the encoder, in its memory.
    case encoder([Float])
    /// The directions of neurons.
    case neurons(NeuronSides)
    /// The rows of another decoder of so many latents, twice.
    case mirrored(DecoderRows, latents: Int)
    /// None: the latents write to several places, which are not read.
    case none

    /// The memory it takes beyond that of the encoder, in bytes.
    var byteCount: Int {
        switch self {
        case .matrix(let rows): 4 * rows.count
        case .mirrored(let rows, _): rows.byteCount
        case .file, .encoder, .neurons, .none: 0
        }
    }

    /// Writes a latent's row to `[d_out]`.
    func read(_ latent: Int, into row: UnsafeMutableBufferPointer<Float>) throws(CoderError) {
        switch self {
        case .file(let tensor):
            do throws(WeightFileError) {
                try tensor.read(rows: latent..<latent + 1, into: row)
            } catch {
                throw CoderError(error, file: error.file)
            }
        case .matrix(let rows), .encoder(let rows):
            let start = latent * row.count
            for column in row.indices { row[column] = rows[start + column] }
        case .neurons(let sides):
            let direction = sides.direction(latent, width: row.count)
            for column in row.indices { row[column] = direction[column] }
        case .mirrored(let rows, let latents): try rows.read(latent % max(latents, 1), into: row)
        case .none: throw .noDecoder
        }
    }
}
