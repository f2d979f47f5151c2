/// How the contexts of a batch go through a matrix product.
public enum BatchMode: String, Sendable, Hashable, Codable {
    /// The rows of all contexts one after the other.
    case ragged
    /// Each context by itself.
    case perContext
}

/// Whether a row of a matrix product depends on its position and on how many others there are.
///
/// If it did, a token's activation would depend on what it was batched with, and a replay would not give the same bytes. The
/// product over panels sums every result in one order, so that it should not; OpenBLAS' does on some kernels, whose edges of a
/// block are summed in another order.
public enum BatchIndependence {
    /// Multiplies one row, at every position among several row counts, with a `[columns, depth]` matrix in panels.
    ///
    /// - Returns: `.ragged` if all results are the same bits, else `.perContext`.
    public static func probe(columns: Int, depth: Int) -> BatchMode {
        guard columns > 0, depth > 0 else { return .ragged }
        let kernels = VectorKernels.best
        // A wide matrix goes through the kernels panel by panel: one of as odd an end is as good a witness.
        let columns = columns > 512 ? 256 + columns % 256 : columns
        var generator = ProbeNumbers()
        let row = generator.values(depth)
        let weights = generator.values(columns * depth)
        var panels = [Float](repeating: 0, count: kernels.panelCount(rows: columns, depth: depth))
        kernels.pack(.f32, weights, rowBytes: 4 * depth, rows: columns, depth: depth, into: &panels)
        // Every height of a tile, and rows on both sides of what stays in a cache.
        let counts = Array(1...13) + [64, 191, 205]
        let most = counts.max() ?? 1
        let rows = (0..<most).flatMap { _ in row }
        var products = [Float](repeating: 0, count: most * columns)
        var first: [UInt32] = []
        for count in counts {
            kernels.multiply(
                rows, stride: depth, panels: panels, packedDepth: depth, into: &products, stride: columns, rows: count,
                columns: columns, depth: depth)
            if first.isEmpty { first = products[..<columns].map(\.bitPattern) }
            for position in 0..<count {
                let start = position * columns
                for column in 0..<columns where products[start + column].bitPattern != first[column] {
                    return .perContext
                }
            }
        }
        return .ragged
    }

    /// The mode for products with matrices of several `(columns, depth)` shapes: ragged if every one allows it.
    public static func probe(shapes: [(columns: Int, depth: Int)]) -> BatchMode {
        for shape in shapes where probe(columns: shape.columns, depth: shape.depth) == .perContext {
            return .perContext
        }
        return .ragged
    }
}
