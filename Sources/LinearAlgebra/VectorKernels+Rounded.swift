internal import CVectorKernels

/// Products of quantised matrices with rows that are rounded to eight bits.
extension VectorKernels {
    /// Rounds some rows of `x`, `[rows, depth]`, into their places; `depth` is a multiple of 32.
    ///
    /// The caller has reserved room for all rows. If a value is not a finite number, all products with its row's part
    /// are not finite either.
    public func round(_ x: UnsafePointer<Float>, rows: Range<Int>, depth: Int, into rounded: RoundedRows) {
        guard let out = rounded.row(rows.lowerBound, parts: depth / 32) else { return }
        table.pointee.round_rows(x + rows.lowerBound * depth, out, rows.count * depth)
    }

    /// Computes `y[t, r]`, the dot product of row `r` of a matrix with rounded row `t`: exact in integers for each 32 values, then summed as floats.
    ///
    /// `matrix` is in its format, which has an integer product, rows `rowBytes` apart; with an order, row `r` is its row `order[r]`.
    /// `y` is `[count, rows]`, `stride` the distance between the starts of two of its rows. A result is the same bits whatever
    /// `count` and `rows` are.
    public func multiply(
        _ format: MatrixFormat, _ matrix: UnsafeRawPointer, rowBytes: Int, order: UnsafePointer<Int32>? = nil,
        by rounded: RoundedRows, count: Int, into y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, depth: Int
    ) {
        guard let x = rounded.row(0, parts: depth / 32), rows > 0 else { return }
        table.pointee.multiply_rounded(
            format.layout, matrix.assumingMemoryBound(to: UInt8.self), rowBytes, order, x, depth / 32, y, stride, count,
            rows, depth)
    }
}

extension MatrixFormat {
    /// Whether rounded rows are multiplied by it in integers: blocks of four to eight bits, for which that is faster than in floats.
    public var hasIntegerProduct: Bool {
        switch self {
        case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .q4_k, .q5_k, .q6_k: true
        case .f32, .f16, .bf16: false
        }
    }
}
