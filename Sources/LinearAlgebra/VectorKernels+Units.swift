internal import CVectorKernels

extension VectorKernels {
    /// Layer normalisation: `out = (x - mean(x)) / sqrt(variance(x) + epsilon) · weight + bias`, row by row.
    ///
    /// `x` and `out` are `[rows, width]`, `weight` and `bias` are `[width]`. Source: Ba et al., arXiv 1607.06450.
    public func layerNorm(
        _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>, rows: Int, width: Int, epsilon: Float
    ) {
        table.pointee.layer_norm(x, weight, bias, out, rows, width, epsilon)
    }

    /// Adds `delta` to `residual`, then normalises the sum into `out` as `layerNorm` does.
    ///
    /// `residual`, `delta` and `out` are `[rows, width]`, `weight` and `bias` are `[width]`.
    public func addLayerNorm(
        _ delta: UnsafePointer<Float>, to residual: UnsafeMutablePointer<Float>, weight: UnsafePointer<Float>,
        bias: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int, width: Int, epsilon: Float
    ) {
        table.pointee.add_layer_norm(residual, delta, weight, bias, out, rows, width, epsilon)
    }

    /// The gated unit `out = gelu(gate) · up` with `gelu(x) = x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2`.
    ///
    /// `x` is `[rows, 2 · width]`, each row the gate's values and then the other's; `out` is `[rows, width]`.
    /// Source: Hendrycks and Gimpel, arXiv 1606.08415; Shazeer, arXiv 2002.05202.
    public func geluTanhMultiply(
        _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        table.pointee.gelu_tanh_multiply(x, out, rows, width)
    }

    /// The gated unit `out = gelu(gate) · up` with `gelu(x) = x · Φ(x)`; shapes as `geluTanhMultiply` has them.
    ///
    /// Source: Shazeer, arXiv 2002.05202.
    public func geluMultiply(
        _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        table.pointee.gelu_multiply(x, out, rows, width)
    }

    /// The unit `out = x / (1 + exp(-x))`; `out` may be `x`.
    public func silu(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.silu(x, out, count)
    }

    /// The unit `out = x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2`; `out` may be `x`.
    ///
    /// Source: Hendrycks and Gimpel, arXiv 1606.08415.
    public func geluTanh(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.gelu_tanh(x, out, count)
    }

    /// The unit `out = x · Φ(x)` with the normal distribution's Φ, to an absolute error of `1.5e-7 · |x|`; `out` may be `x`.
    ///
    /// Source: Hendrycks and Gimpel, arXiv 1606.08415; Φ by Abramowitz and Stegun, 7.1.26.
    public func gelu(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.gelu(x, out, count)
    }
}
