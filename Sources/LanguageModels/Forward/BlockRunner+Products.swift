internal import LinearAlgebra

extension BlockRunner {
    /// `y = x · weightᵀ + bias`; `x` is `[rows, weight.columns]`, `y` is `[rows, weight.rows]`.
    func apply(_ layer: LinearLayer, to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int) {
        layer.weight.multiply(x, count: rows, into: y, by: kernel, workspace)
        guard let bias = layer.bias else { return }
        let kernels = kernels
        workspace.share(rows: rows, width: bias.count, multiplicationsEach: 4) { rows in
            for row in rows { kernels.add(1, times: bias.pointer, to: y + row * bias.count, count: bias.count) }
        }
    }
}
