public import Elements

extension SparseCoder {
    /// The factor of a latent's decoder row in each row's reconstruction: `[rows]`.
    ///
    /// It undoes the normalization of the input; 1 if the coder does not normalize.
    ///
    /// - Parameter input: `[rows, d_in]`, what is encoded.
    /// - Throws: `CoderError.shape` if the width is wrong.
    public func outputScales(of input: Matrix) throws(CoderError) -> [Float] {
        guard input.columns == inputWidth else {
            throw .shape(
                what: "activations for \(folder)", found: "width \(input.columns)", expected: "width \(inputWidth)")
        }
        guard parameters.denormalizesOutput else { return [Float](repeating: 1, count: input.rows) }
        var normalized = [Float](repeating: 0, count: inputWidth)
        return input.values.withUnsafeBufferPointer { values in
            normalized.withUnsafeMutableBufferPointer { normalized in
                (0..<input.rows).map { row in
                    let source = UnsafeBufferPointer(rebasing: values[row * inputWidth..<(row + 1) * inputWidth])
                    return normalized.baseAddress.map { parameters.normalization.apply(source, to: $0).scale } ?? 1
                }
            }
        }
    }
}
