internal import CVectorKernels

extension VectorKernels {
    /// Root-mean-square normalisation: `out = x / sqrt(mean(x²) + epsilon) · weight`, row by row.
    ///
    /// `x` and `out` are `[rows, width]`, `weight` is `[width]`. Source: Zhang and Sennrich, arXiv 1910.07467.
    public func rootMeanSquareNorm(
        _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
        rows: Int, width: Int, epsilon: Float
    ) {
        table.pointee.root_mean_square_norm(x, weight, out, rows, width, epsilon)
    }

    /// Adds `delta` to `residual`, then normalises the sum into `out` as `rootMeanSquareNorm` does.
    ///
    /// `residual`, `delta` and `out` are `[rows, width]`, `weight` is `[width]`.
    public func addRootMeanSquareNorm(
        _ delta: UnsafePointer<Float>, to residual: UnsafeMutablePointer<Float>, weight: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>, rows: Int, width: Int, epsilon: Float
    ) {
        table.pointee.add_root_mean_square_norm(residual, delta, weight, out, rows, width, epsilon)
    }

    /// The gated unit `out = silu(gate) · up` with `silu(x) = x / (1 + exp(-x))`.
    ///
    /// `x` is `[rows, 2 · width]`, each row the gate's values and then the other's; `out` is `[rows, width]`.
    /// Source: Shazeer, arXiv 2002.05202.
    public func siluMultiply(
        _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        table.pointee.silu_multiply(x, out, rows, width)
    }

    /// Turns scores into attention weights: row `r` becomes `softmax(scale · scores[r, m..<n])`, zero elsewhere.
    ///
    /// `scores` is `[rows, columns]`; `n` is `visible + r`, at most `columns`, and `m` is `n - window`, at least 0; `visible` and
    /// `window` are at least 1.
    public func causalSoftmax(
        _ scores: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, visible: Int,
        window: Int = .max, scale: Float
    ) {
        table.pointee.causal_softmax(scores, stride, rows, columns, visible, window, scale)
    }

    /// Keeps values within a bound smoothly: `x = cap · tanh(scale · x / cap)`.
    ///
    /// `x` is `[rows, columns]`. Source: Gemma Team, arXiv 2408.00118, section 2.
    public func softCap(
        _ x: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, scale: Float, cap: Float
    ) {
        table.pointee.soft_cap(x, stride, rows, columns, scale, cap)
    }

    /// Rotary position embedding of one token: turns the pairs `(x[h, i], x[h, half + i])` of each head.
    ///
    /// `x` is `[heads, headWidth]`; `cosines` and `sines` are `[half]`, for the token's position.
    /// Source: Su et al., arXiv 2104.09864, in the order of values that Hugging Face's checkpoints use.
    public func rotate(
        _ x: UnsafeMutablePointer<Float>, heads: Int, headWidth: Int, half: Int,
        cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>
    ) {
        table.pointee.rotate(x, heads, headWidth, half, cosines, sines)
    }
}
