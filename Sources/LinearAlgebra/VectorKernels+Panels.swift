internal import CVectorKernels

/// Products of many rows with a matrix that has been laid out in panels, or that is read as if it were.
///
/// A panel holds `panelWidth` rows of a matrix side by side: `panels[p, k, i]` is the value `k` of row `p · panelWidth + i`,
/// zero after the last row. A result is the same bits whatever its row's position and however many there are.
extension VectorKernels {
    /// The number of rows in a panel.
    public var panelWidth: Int { table.pointee.panel_width }

    /// The number of floats that the panels of a matrix `[rows, depth]` take.
    public func panelCount(rows: Int, depth: Int) -> Int { (rows + panelWidth - 1) / panelWidth * panelWidth * depth }

    /// Lays rows of a matrix out in panels, expanding them to floats.
    ///
    /// `matrix` is in its format, rows `rowBytes` apart, floats aligned to 4 bytes and the others to none; with an order, row `i` of the
    /// panels is its row `order[i]`. `panels` has room for `panelCount(rows:depth:)`.
    public func pack(
        _ format: MatrixFormat, _ matrix: UnsafeRawPointer, rowBytes: Int, order: UnsafePointer<Int32>? = nil,
        rows: Int, depth: Int, into panels: UnsafeMutablePointer<Float>
    ) {
        table.pointee.pack_rows(
            format.layout, matrix.assumingMemoryBound(to: UInt8.self), rowBytes, order, rows, depth, panels)
    }

    /// Lays the columns of a matrix `[depth, columns]` out in panels, as if they were rows.
    public func pack(
        columns matrix: UnsafePointer<Float>, stride: Int, columns: Int, depth: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        table.pointee.pack_columns(matrix, stride, columns, depth, panels)
    }

    /// Computes `c = a · bᵀ`, or `c += a · bᵀ` with `accumulate`, with `b`, `[columns, depth]`, in panels.
    ///
    /// `a` is `[rows, depth]` and `c` is `[rows, columns]`, row-major; each `stride` is the distance between the starts of two
    /// rows. The panels were packed with `packedDepth` values each, at least `depth`; the first `depth` from the pointer on count.
    public func multiply(
        _ a: UnsafePointer<Float>, stride aStride: Int, panels: UnsafePointer<Float>, packedDepth: Int,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int, rows: Int, columns: Int, depth: Int,
        accumulate: Bool = false
    ) {
        table.pointee.multiply_panels(
            a, aStride, panels, packedDepth * panelWidth, c, cStride, rows, columns, depth, accumulate ? 1 : 0)
    }

    /// Computes `c = a · b`, or `c += a · b` with `accumulate`, with `b` as it is.
    ///
    /// `a` is `[rows, depth]`, `b` is `[depth, columns]`, `c` is `[rows, columns]`, row-major; each `stride` is the distance between
    /// the starts of two rows. For few columns, such as a head's: of many, the rows of `b` would be far apart in memory.
    public func multiply(
        _ a: UnsafePointer<Float>, stride aStride: Int, by b: UnsafePointer<Float>, stride bStride: Int,
        into c: UnsafeMutablePointer<Float>, stride cStride: Int, rows: Int, columns: Int, depth: Int,
        accumulate: Bool = false
    ) {
        table.pointee.multiply_rows(
            a, aStride, b, bStride, c, cStride, rows, columns, depth, accumulate ? 1 : 0)
    }
}
