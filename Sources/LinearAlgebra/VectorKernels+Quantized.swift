internal import CVectorKernels

/// A matrix format that vectors can be multiplied by without expanding the matrix first.
public enum MatrixFormat: Sendable, Hashable, CaseIterable {
    /// Floats of 32 and 16 bits, and bfloat16.
    case f32, f16, bf16
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// ggml's blocks of 32 values along a row.
    case q8_0, q4_0, q4_1, q5_0, q5_1
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// ggml's blocks of 256 values along a row.
    case q4_k, q5_k, q6_k

    /// The number of values that are read together: the depth of a matrix is a multiple of it.
    public var valuesPerBlock: Int {
        switch self {
        case .f32: 1
        case .f16, .bf16, .q8_0, .q4_0, .q4_1, .q5_0, .q5_1: 32
        case .q4_k, .q5_k, .q6_k: 256
        }
    }

    /// The number of bytes of a block of values.
    public var bytesPerBlock: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 64
        case .q8_0: 34
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q4_k: 144
        case .q5_k: 176
        case .q6_k: 210
        }
    }

    var layout: gloss_matrix_format {
        switch self {
        case .f32: GLOSS_F32
        case .f16: GLOSS_F16
        case .bf16: GLOSS_BF16
        case .q8_0: GLOSS_Q8_0
        case .q4_0: GLOSS_Q4_0
        case .q4_1: GLOSS_Q4_1
        case .q5_0: GLOSS_Q5_0
        case .q5_1: GLOSS_Q5_1
        case .q4_k: GLOSS_Q4_K
        case .q5_k: GLOSS_Q5_K
        case .q6_k: GLOSS_Q6_K
        }
    }
}

extension VectorKernels {
    /// Multiplies a matrix and several vectors, reading the matrix once: `y[c, r]` is the dot product of row `r` with `x[c]`.
    ///
    /// `matrix` holds `[rows, depth]` in its format, floats aligned to 4 bytes and the others to none; `x` is `[count, depth]`
    /// and `y` is `[count, rows]`, each `stride` the distance between the starts of two vectors. A result is the same
    /// bits whatever `count` and `rows` are. More than 32 vectors are taken 32 at a time.
    public func multiply(
        _ format: MatrixFormat, _ matrix: UnsafeRawPointer, columns x: UnsafePointer<Float>, stride xStride: Int,
        count: Int, into y: UnsafeMutablePointer<Float>, stride yStride: Int, rows: Int, depth: Int
    ) {
        table.pointee.multiply_columns(
            format.layout, matrix.assumingMemoryBound(to: UInt8.self), x, xStride, y, yStride, count, rows, depth)
    }

    /// Multiplies a matrix and a vector: `y[r]` is the dot product of row `r` with `x`.
    ///
    /// `matrix` holds `[rows, depth]` in its format; `x` is `[depth]`, `y` is `[rows]`.
    public func multiply(
        _ format: MatrixFormat, _ matrix: UnsafeRawPointer, by x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>, rows: Int, depth: Int
    ) {
        multiply(format, matrix, columns: x, stride: depth, count: 1, into: y, stride: rows, rows: rows, depth: depth)
    }
}
