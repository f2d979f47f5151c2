public import Elements

extension SparseCoder {
    /// The vector that a latent adds to the output per unit of its activation, `[d_out]`.
    ///
    /// It is the vector before a normalization of the input is undone.
    ///
    /// Reads one row of the weight file.
    ///
    /// - Throws: `CoderError.noSuchLatent` if there is no such latent, or if the file cannot be read any more.
    public func decoderRow(_ latent: Int) throws(CoderError) -> [Float] {
        try check(latent)
        var row = [Float](repeating: 0, count: outputWidth)
        try row.withUnsafeMutableBufferPointer { row throws(CoderError) in try read(decoderRow: latent, into: row) }
        return row
    }

    /// The encoder's rows of some latents, `[latents.count, d_in]`: an activation grows by the product of its row with what is
    /// read, centred or normalized.
    ///
    /// - Throws: `CoderError.noSuchLatent` if one of them is no latent.
    public func encoderRows(_ latents: Range<Int>) throws(CoderError) -> Matrix {
        try check(latents)
        var rows = Matrix(rows: latents.count, columns: inputWidth)
        for (row, latent) in latents.enumerated() {
            rows.values.replaceSubrange(
                row * inputWidth..<(row + 1) * inputWidth,
                with: parameters.encoder.row(latent, inputWidth: inputWidth))
        }
        return rows
    }

    /// The decoder's rows of some latents, `[latents.count, d_out]`, as `decoderRow(_:)` gives them.
    ///
    /// - Throws: As `decoderRow(_:)`.
    public func decoderRows(_ latents: Range<Int>) throws(CoderError) -> Matrix {
        try check(latents)
        var rows = Matrix(rows: latents.count, columns: outputWidth)
        try rows.values.withUnsafeMutableBufferPointer { values throws(CoderError) in
            for (row, latent) in latents.enumerated() {
                let part = values[row * outputWidth..<(row + 1) * outputWidth]
                try read(decoderRow: latent, into: UnsafeMutableBufferPointer(rebasing: part))
            }
        }
        return rows
    }

    private func check(_ range: Range<Int>) throws(CoderError) {
        guard let last = range.last else { return }
        try check(range.lowerBound)
        try check(last)
    }

    private func check(_ latent: Int) throws(CoderError) {
        guard (0..<latents).contains(latent) else { throw .noSuchLatent(latent: latent, latents: latents) }
    }

    func read(decoderRow latent: Int, into row: UnsafeMutableBufferPointer<Float>) throws(CoderError) {
        try parameters.decoder.read(latent, into: row)
        guard let scale = parameters.decoderScales?[latent] else { return }
        for column in row.indices { row[column] *= scale }
    }
}
