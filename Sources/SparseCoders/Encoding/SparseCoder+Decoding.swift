public import Elements
import LinearAlgebra
import WeightFiles

extension SparseCoder {
    /// The reconstruction `[rows, d_out]` of codes: `Σ activation · W_dec[latent] + b_dec`, and `W_skip x` for a skip transcoder.
    ///
    /// - Parameters:
    ///   - codes: The codes.
    ///   - input: `[rows, d_in]`, what was encoded; looked at by skip transcoders only.
    /// - Throws: `CoderError` where codes and input do not fit together or the decoder's file cannot be read any more.
    public func reconstruct(_ codes: SparseCodes, input: Matrix) throws(CoderError) -> Matrix {
        guard input.rows == codes.rows, input.columns == inputWidth else {
            throw .shape(
                what: "input to reconstruct", found: "[\(input.rows), \(input.columns)]",
                expected: "[\(codes.rows), \(inputWidth)]")
        }
        var output = Matrix(rows: codes.rows, columns: outputWidth)
        for row in 0..<codes.rows {
            for column in 0..<outputWidth {
                output.values[row * outputWidth + column] = parameters.outputBias[column]
            }
        }
        if let skip = parameters.skip {
            multiply(
                input.values, transposed: skip, into: &output.values, rows: input.rows, columns: outputWidth,
                depth: inputWidth, accumulate: true)
        }
        var direction = [Float](repeating: 0, count: outputWidth)
        for row in 0..<codes.rows {
            for pair in codes.rowStarts[row]..<codes.rowStarts[row + 1] {
                try read(decoderRow: Int(codes.latents[pair]), into: &direction)
                let activation = codes.activations[pair]
                for column in 0..<outputWidth {
                    output.values[row * outputWidth + column] += activation * direction[column]
                }
            }
        }
        return output
    }

    private func read(decoderRow latent: Int, into direction: inout [Float]) throws(CoderError) {
        do throws(WeightFileError) {
            try direction.withUnsafeMutableBufferPointer { buffer throws(WeightFileError) in
                try parameters.decoder.read(rows: latent..<latent + 1, into: buffer)
            }
        } catch {
            throw .unreadable(file: error.file, reason: error.description)
        }
    }
}
