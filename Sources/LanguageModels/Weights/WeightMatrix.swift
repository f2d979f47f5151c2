internal import LinearAlgebra
internal import Synchronization
internal import WeightFiles

/// A weight matrix, `[rows, columns]`, as its file has it: checked once, and expanded to floats a few rows at a time where it is used.
final class WeightMatrix: Sendable {
    /// So many rows are expanded together.
    private static let rowsAtOnce = 192

    let stored: StoredMatrix
    let rows: Int
    let columns: Int
    /// For each part the stored rows in the order in which they are used; empty where that is their own.
    private let orders: [[Int32]]
    private let expanded = Mutex<Expanded?>(nil)

    /// All values as floats.
    private struct Expanded: @unchecked Sendable {
        // Sound: written before it is put behind the lock, and only read since.
        let values: FloatBuffer
    }

    /// Throws where a value is not a finite number.
    init(_ stored: StoredMatrix) throws(ModelError) {
        for part in stored.parts { try part.tensor.checkFinite() }
        self.stored = stored
        rows = stored.rows
        columns = stored.columns
        orders = stored.canMultiply ? stored.parts.map { $0.order.storedRows(rows: $0.rows) } : []
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
    /// A row's result is the same bits whatever `count` is and wherever it stands. `scratch` grows to the size of a few rows.
    func multiply(
        _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>, scratch: inout FloatBuffer,
        kernels: VectorKernels
    ) {
        let needed = kernels.panelCount(rows: min(rows, Self.rowsAtOnce), depth: columns)
        if scratch.count < needed { scratch = FloatBuffer(count: needed) }
        guard stored.canMultiply else {
            let source = Source(format: .f32, bytes: pointer, rowBytes: 4 * columns, rows: rows, order: [])
            multiply(x, count: count, by: source, into: y, panels: scratch.pointer, kernels: kernels)
            return
        }
        var start = y
        for (part, order) in zip(stored.parts, orders) {
            part.tensor.withBytes { bytes in
                guard let address = bytes.baseAddress, let format = part.tensor.type.matrixFormat else { return }
                let source = Source(
                    format: format, bytes: address, rowBytes: bytes.count / max(part.rows, 1), rows: part.rows,
                    order: order)
                multiply(x, count: count, by: source, into: start, panels: scratch.pointer, kernels: kernels)
            }
            start += part.rows
        }
    }

    /// Rows that stand one after the other in memory.
    private struct Source {
        let format: MatrixFormat
        let bytes: UnsafeRawPointer
        let rowBytes: Int
        let rows: Int
        let order: [Int32]
    }

    private func multiply(
        _ x: UnsafePointer<Float>, count: Int, by source: Source, into y: UnsafeMutablePointer<Float>,
        panels: UnsafeMutablePointer<Float>, kernels: VectorKernels
    ) {
        for first in stride(from: 0, to: source.rows, by: Self.rowsAtOnce) {
            let rows = min(Self.rowsAtOnce, source.rows - first)
            if source.order.isEmpty {
                kernels.pack(
                    source.format, source.bytes + first * source.rowBytes, rowBytes: source.rowBytes, rows: rows,
                    depth: columns, into: panels)
            } else {
                source.order.withUnsafeBufferPointer { order in
                    guard let start = order.baseAddress else { return }
                    kernels.pack(
                        source.format, source.bytes, rowBytes: source.rowBytes, order: start + first, rows: rows,
                        depth: columns, into: panels)
                }
            }
            kernels.multiply(
                x, stride: columns, panels: panels, packedDepth: columns, into: y + first, stride: self.rows,
                rows: count, columns: rows, depth: columns)
        }
    }
}
