import Elements
import SparseCoders

extension SparseCoder {
    /// A latent's row of the encoder.
    func encoderRow(_ latent: Int) throws -> [Float] { try encoderRows(latent..<latent + 1).values }
}
