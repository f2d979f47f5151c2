internal import LinearAlgebra
internal import WeightFiles

extension LanguageModel {
    /// Writes the embeddings of checked tokens at positions from `first` on, `[tokens, width]`: what the first block reads.
    ///
    /// Throws if an embedding has a value that is not a finite number.
    func embed(_ tokens: [UInt32], first: Int, into rows: UnsafeMutablePointer<Float>) throws(ModelError) {
        let width = configuration.width
        for (index, token) in tokens.enumerated() {
            let row = rows + index * width
            try weights.embedding.readFinite(rows: Int(token)..<Int(token) + 1, into: row)
            if configuration.embeddingScale != 1 {
                for column in 0..<width { row[column] *= configuration.embeddingScale }
            }
        }
        guard let positions = weights.positions else { return }
        let table = FloatBuffer(count: tokens.count * width)
        try positions.readFinite(rows: first..<first + tokens.count, into: table.pointer)
        VectorKernels.best.add(1, times: table.pointer, to: rows, count: tokens.count * width)
    }
}
