/// How the contexts of a batch go through a matrix product.
public enum BatchMode: String, Sendable, Hashable, Codable {
    /// The rows of all contexts one after the other, never fewer than `BatchIndependence.leastRows`.
    case ragged
    /// Each context by itself.
    case perContext
}

/// Whether a row of a matrix product depends on where it stands and how many others there are.
///
/// Some OpenBLAS kernels sum in another order at the edges of a block. Where that is so, a token's activation would
/// depend on what it was batched with, and a replay would not give the same bytes.
public enum BatchIndependence {
    /// The least number of rows in a ragged product: some kernels take another path for few rows.
    public static let leastRows = 64

    /// Multiplies one row, at every position among several row counts, with a `[columns, depth]` matrix.
    ///
    /// - Returns: `.ragged` where all results are the same bits, else `.perContext`.
    public static func probe(columns: Int, depth: Int) -> BatchMode {
        guard columns > 0, depth > 0 else { return .ragged }
        // Wide matrices go through the kernels in panels: one of as odd an end is as good a witness.
        let columns = columns > 4096 ? 2048 + columns % 2048 : columns
        var generator = ProbeNumbers()
        let row = generator.values(depth)
        let weights = generator.values(columns * depth)
        let counts = [leastRows, leastRows + 1, 97, 128, 191, 263, 390]
        let most = counts.max() ?? leastRows
        let rows = (0..<most).flatMap { _ in row }
        var products = [Float](repeating: 0, count: most * columns)
        var first: [UInt32] = []
        for count in counts {
            multiply(rows, transposed: weights, into: &products, rows: count, columns: columns, depth: depth)
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

    /// The mode for products with matrices of several `(columns, depth)` shapes: ragged where every one allows it.
    public static func probe(shapes: [(columns: Int, depth: Int)]) -> BatchMode {
        for shape in shapes where probe(columns: shape.columns, depth: shape.depth) == .perContext {
            return .perContext
        }
        return .ragged
    }
}
