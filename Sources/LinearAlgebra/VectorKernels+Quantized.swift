internal import CVectorKernels

/// A matrix format that a vector can be multiplied by without expanding the matrix first.
///
/// The quantised ones are ggml's, in blocks of 32 values along a row.
public enum MatrixFormat: Sendable, Hashable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// 32-bit floats, and ggml's blocks of 8 and 4 bits.
    case f32, q8_0, q4_0, q4_1

    /// The number of values in one block; the depth of a matrix is a multiple of it.
    public var valuesPerBlock: Int { self == .f32 ? 1 : 32 }

    /// The number of bytes of one block.
    public var bytesPerBlock: Int {
        switch self {
        case .f32: 4
        case .q8_0: 34
        case .q4_0: 18
        case .q4_1: 20
        }
    }
}

extension VectorKernels {
    /// Multiplies a matrix and a vector: `y[r]` is the dot product of row `r` with `x`.
    ///
    /// `matrix` holds `[rows, depth]` in its format, floats aligned to 4 bytes and blocks to none; `x` is `[depth]`, `y` is `[rows]`; `sums` is
    /// what `blockSums` gave for `x`.
    public func multiply(
        _ format: MatrixFormat, _ matrix: UnsafeRawPointer, by x: UnsafePointer<Float>, sums: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>, rows: Int, depth: Int
    ) {
        let bytes = matrix.assumingMemoryBound(to: UInt8.self)
        switch format {
        case .f32:
            table.pointee.multiply_vector_f32(matrix.assumingMemoryBound(to: Float.self), x, y, rows, depth)
        case .q8_0: table.pointee.multiply_vector_q8_0(bytes, x, y, rows, depth)
        case .q4_0: table.pointee.multiply_vector_q4_0(bytes, x, sums, y, rows, depth)
        case .q4_1: table.pointee.multiply_vector_q4_1(bytes, x, sums, y, rows, depth)
        }
    }

    /// The sum of each 32 values of a vector: `sums` is `[count / 32]`.
    public func blockSums(_ x: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.block_sums(x, sums, count)
    }
}
