public import Elements
import LinearAlgebra

extension SparseCoder {
    /// The reconstruction `[rows, d_out]` of codes: `Σ activation · W_dec[latent] + b_dec`, and `W_skip x` for a skip transcoder.
    ///
    /// - Parameters:
    ///   - codes: The codes.
    ///   - input: `[rows, d_in]`, what was encoded; looked at by skip transcoders, and by coders that normalize it.
    /// - Throws: `CoderError` if codes and input do not fit together or the decoder's file cannot be read any more.
    public func reconstruct(_ codes: SparseCodes, input: Matrix) throws(CoderError) -> Matrix {
        guard input.rows == codes.rows, input.columns == inputWidth else {
            throw .shape(
                what: "input to reconstruct", found: "[\(input.rows), \(input.columns)]",
                expected: "[\(codes.rows), \(inputWidth)]")
        }
        if let latent = codes.latents.first(where: { Int($0) >= latents }) {
            throw .noSuchLatent(latent: Int(latent), latents: latents)
        }
        var output = Matrix(rows: codes.rows, columns: outputWidth)
        var direction = [Float](repeating: 0, count: outputWidth)
        var normalized = [Float](repeating: 0, count: inputWidth)
        try output.values.withUnsafeMutableBufferPointer { output throws(CoderError) in
            for row in 0..<codes.rows {
                let target = UnsafeMutableBufferPointer(
                    rebasing: output[row * outputWidth..<(row + 1) * outputWidth])
                try add(codes, row: row, to: target, through: &direction)
                guard parameters.denormalizesOutput else { continue }
                let source = input.values[row * inputWidth..<(row + 1) * inputWidth]
                let inverse = normalized.withUnsafeMutableBufferPointer { normalized in
                    source.withUnsafeBufferPointer { source in
                        normalized.baseAddress.map { parameters.normalization.apply(source, to: $0) }
                    }
                }
                guard let inverse else { continue }
                for column in target.indices { target[column] = target[column] * inverse.scale + inverse.shift }
            }
        }
        if let skip = parameters.skip {
            multiply(
                input.values, transposed: skip, into: &output.values, rows: input.rows, columns: outputWidth,
                depth: inputWidth, accumulate: true)
        }
        return output
    }

    /// Writes the bias and the directions of a row's latents.
    private func add(
        _ codes: SparseCodes, row: Int, to target: UnsafeMutableBufferPointer<Float>, through direction: inout [Float]
    ) throws(CoderError) {
        for column in target.indices { target[column] = parameters.outputBias[column] }
        for pair in codes.rowStarts[row]..<codes.rowStarts[row + 1] {
            let activation = codes.activations[pair]
            try direction.withUnsafeMutableBufferPointer { direction throws(CoderError) in
                try read(decoderRow: Int(codes.latents[pair]), into: direction)
                for column in target.indices { target[column] += activation * direction[column] }
            }
        }
    }
}
