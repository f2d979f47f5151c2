internal import CVectorKernels
internal import Glibc

/// Vector arithmetic for one set of CPU instructions; `VectorKernels.best` is what this CPU runs fastest, or the environment names.
///
/// All matrices are row-major and dense unless a stride is given, which is the distance between the starts of two rows.
/// A value depends on its own row and its place in it only, so that results do not change with the number of rows.
/// Callers vouch for the sizes: each pointer must have room for what the shapes say.
public struct VectorKernels: Sendable {
    /// The kernels for `VectorInstructions.best`.
    public static let best = VectorKernels(table: table(for: VectorInstructions.best))

    // The table is a constant of the C module, never written.
    nonisolated(unsafe) let table: UnsafePointer<gloss_vector_kernels>

    private init(table: UnsafePointer<gloss_vector_kernels>) {
        self.table = table
    }

    /// The kernels for given instructions; `nil` if the CPU lacks them.
    public init?(_ instructions: VectorInstructions) {
        guard let table = gloss_vector_kernels_for(instructions.table) else { return nil }
        self.init(table: table)
    }

    private static func table(for instructions: VectorInstructions) -> UnsafePointer<gloss_vector_kernels> {
        // The baseline table always exists, so the second call cannot give null.
        gloss_vector_kernels_for(instructions.table) ?? gloss_baseline_vector_kernels()
    }

    /// The dot product of two vectors.
    public func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Float {
        table.pointee.dot(x, y, count)
    }

    /// Adds `scale * x` to `y`.
    public func add(_ scale: Float, times x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.add_scaled(scale, x, y, count)
    }

    /// Adds the rows of a matrix `[count, width]` to `y`, each times its weight, one after the other.
    ///
    /// The same bits as `count` additions of one row each.
    public func add(
        _ weights: UnsafePointer<Float>, timesRows rows: UnsafePointer<Float>, count: Int, width: Int,
        to y: UnsafeMutablePointer<Float>
    ) {
        table.pointee.add_weighted_rows(weights, rows, y, count, width)
    }

    /// Replaces each value by its exponential; relative error under 2e-7 within ±87.
    public func exponentials(_ x: UnsafeMutablePointer<Float>, count: Int) {
        table.pointee.exponentials(x, count)
    }

    /// The largest value; minus infinity if there is none.
    public func maximum(_ x: UnsafePointer<Float>, count: Int) -> Float {
        table.pointee.maximum(x, count)
    }

    /// The logarithm of the sum of exponentials of the values.
    public func logSumExp(_ x: UnsafePointer<Float>, count: Int) -> Double {
        let shift = maximum(x, count: count)
        guard shift.isFinite else { return Double(shift) }
        return Double(shift) + log(table.pointee.sum_of_exponentials(x, count, shift))
    }
}
