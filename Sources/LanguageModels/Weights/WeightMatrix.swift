internal import LinearAlgebra
internal import Synchronization
internal import WeightFiles

/// A weight matrix, `[rows, columns]`, as its file has it.
///
/// It is checked once, and expanded to floats a few rows at a time when it is used.
final class WeightMatrix: Sendable {
    let stored: StoredMatrix
    let rows: Int
    let columns: Int
    /// For each part the stored rows in the order in which they are used; empty if that is their own.
    private let orders: [[Int32]]
    private let expanded = Mutex<Expanded?>(nil)
    /// Whether floats stay once a matrix was expanded whole.
    private let keepsFloats: Bool

    /// All values as floats.
    private struct Expanded: @unchecked Sendable {
        // Sound: written before it is put behind the lock, and only read since.
        let values: FloatBuffer
    }

    /// Throws if a value is not a finite number.
    ///
    /// Without `keepsFloats` a matrix that cannot be multiplied as its file has it is expanded at each product.
    init(_ stored: StoredMatrix, keepsFloats: Bool = true) throws(ModelError) {
        for part in stored.parts { try part.checkFinite() }
        self.stored = stored
        self.keepsFloats = keepsFloats
        rows = stored.rows
        columns = stored.columns
        orders = stored.canMultiply ? stored.orders : []
    }

    /// All values, row-major, expanded at the first call and kept.
    var pointer: UnsafePointer<Float> {
        let expanded = expanded.withLock { expanded in
            if let expanded { return expanded }
            let new = Expanded(values: FloatBuffer(count: rows * columns))
            stored.expand(into: new.values.pointer)
            expanded = new
            return new
        }
        return UnsafePointer(expanded.values.pointer)
    }

    /// `y = x · matrixᵀ`; `x` is `[count, columns]`, `y` is `[count, rows]`.
    ///
    /// A row's result is the same bits whatever `count` is and whatever its position, and however many threads share
    /// the work.
    func multiply(
        _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>, by kernel: ProductKernel,
        _ workspace: ProductWorkspace
    ) {
        guard !stored.canMultiply else {
            return stored.multiply(x, count: count, into: y, by: kernel, orders: orders, workspace)
        }
        let passing = keepsFloats ? nil : FloatBuffer(count: rows * columns)
        if let passing { stored.expand(into: passing.pointer) }
        defer { withExtendedLifetime(passing) {} }
        let source = ProductSource(
            format: .f32, bytes: passing.map { UnsafePointer($0.pointer) } ?? pointer, rowBytes: 4 * columns,
            rows: rows, columns: columns, order: [])
        let target = ProductTarget(start: y, stride: rows, count: count)
        switch kernel {
        case .panels: source.multiplyPanels(x, into: target, workspace)
        case .columns: source.multiplyColumns(x, into: target, workspace)
        }
    }
}
