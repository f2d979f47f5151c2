internal import LinearAlgebra

extension BlockRunner {
    /// `y = x · weightᵀ + bias`; `x` is `[rows, weight.columns]`, `y` is `[rows, weight.rows]`.
    func apply(_ layer: LinearLayer, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int) {
        apply(layer.weight, to: x, into: y, rows: rows)
        guard let bias = layer.bias else { return }
        for row in 0..<rows { kernels.add(1, times: bias.pointer, to: y + row * bias.count, count: bias.count) }
    }

    private func apply(
        _ matrix: WeightMatrix, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int
    ) {
        if usesStoredMatrices {
            for row in 0..<rows {
                let vector = x + row * matrix.columns
                let result = y + row * matrix.rows
                if !applyStored(matrix.stored, to: vector, into: result) {
                    kernels.multiply(
                        .f32, matrix.pointer, by: vector, sums: scratch.sums.pointer, into: result, rows: matrix.rows,
                        depth: matrix.columns)
                }
            }
        } else {
            multiply(x, transposed: matrix.pointer, into: y, rows: rows, columns: matrix.rows, depth: matrix.columns)
        }
    }

    /// `y = matrix · x` straight from the file's blocks; `false` where they have no kernel for that.
    func applyStored(
        _ matrix: StoredMatrix, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
    ) -> Bool {
        kernels.blockSums(x, into: scratch.sums.pointer, count: matrix.columns)
        return matrix.multiply(x, sums: scratch.sums.pointer, into: y, kernels: kernels)
    }
}
