internal import COpenBLAS

/// Runs once: every worker of Gloss is one thread with its own products, so OpenBLAS must not start threads of its own.
private let singleThreaded: Void = openblas_set_num_threads(1)

/// Computes `c = a · bᵀ`, or `c += a · bᵀ` with `accumulate`, on the calling thread.
///
/// All matrices are row-major: `a` is `[rows, depth]`, `b` is `[columns, depth]`, `c` is `[rows, columns]`.
public func multiply(
    _ a: UnsafePointer<Float>, transposed b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, depth: Int, accumulate: Bool = false
) {
    multiply(
        a, stride: depth, transposed: b, stride: depth, into: c, stride: columns,
        rows: rows, columns: columns, depth: depth, accumulate: accumulate)
}

/// Computes `c = a · bᵀ`, or `c += a · bᵀ` with `accumulate`, between parts of wider matrices.
///
/// `a` is `[rows, depth]`, `b` is `[columns, depth]`, `c` is `[rows, columns]`, row-major; each `stride` is the distance
/// between the starts of two rows, at least the row's length. Sizes above `Int32.max` are beyond what BLAS can address.
public func multiply(
    _ a: UnsafePointer<Float>, stride aStride: Int, transposed b: UnsafePointer<Float>, stride bStride: Int,
    into c: UnsafeMutablePointer<Float>, stride cStride: Int,
    rows: Int, columns: Int, depth: Int, accumulate: Bool = false
) {
    guard rows > 0, columns > 0 else { return }
    _ = singleThreaded
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(columns), blasint(depth),
        1, a, blasint(max(aStride, 1)), b, blasint(max(bStride, 1)), accumulate ? 1 : 0, c, blasint(cStride))
}
