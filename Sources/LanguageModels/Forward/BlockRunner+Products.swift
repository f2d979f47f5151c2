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
            guard !applyStored(matrix.stored, columns: x, count: rows, into: y) else { return }
            kernels.multiply(
                .f32, matrix.pointer, columns: x, stride: matrix.columns, count: rows, into: y, stride: matrix.rows,
                rows: matrix.rows, depth: matrix.columns)
        } else {
            matrix.multiply(x, count: rows, into: y, scratch: &scratch.panels, kernels: kernels)
        }
    }

    /// `y = x · matrixᵀ` straight from the file's blocks; `false` where they have no kernel for that.
    ///
    /// `x` is `[count, matrix.columns]`, `y` is `[count, matrix.rows]`; a row's result is the same bits whatever `count` is.
    func applyStored(
        _ matrix: StoredMatrix, columns x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>
    ) -> Bool {
        matrix.multiply(columns: x, count: count, into: y, kernels: kernels)
    }

    /// `y = matrix · x` straight from the file's blocks; `false` where they have no kernel for that.
    func applyStored(
        _ matrix: StoredMatrix, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
    ) -> Bool {
        applyStored(matrix, columns: x, count: 1, into: y)
    }
}
