internal import LinearAlgebra
internal import WeightFiles

/// Which kernel multiplies rows of floats.
enum ProductKernel {
    /// Weights are expanded into panels for all rows together.
    case panels
    /// Weights are read as the file has them, for a few rows: reading them is what takes time.
    case columns
}

extension StoredMatrix {
    /// The number of rows that are expanded together.
    static var rowsAtOnce: Int { 192 }

    /// Whether a part is multiplied by rounded rows in integers.
    var hasIntegerProducts: Bool {
        canMultiply && parts.contains { $0.tensor.type.matrixFormat?.hasIntegerProduct == true }
    }

    /// For each part the stored rows in the order in which they are used; empty if that is their own.
    var orders: [[Int32]] { parts.map { $0.order.storedRows(rows: $0.rows) } }

    /// `y = x · matrixᵀ`; `x` is `[count, columns]`, `y` is `[count, rows]`; for matrices that can be multiplied as their file has them.
    ///
    /// A row's result is the same bits whatever `count` is and however many threads share the work.
    func multiply(
        _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>, by kernel: ProductKernel,
        orders: [[Int32]], _ workspace: ProductWorkspace
    ) {
        let isRounded = workspace.activations == .int8 && hasIntegerProducts
        if isRounded { workspace.round(x, count: count, depth: columns) }
        var start = y
        for (part, order) in zip(parts, orders) {
            part.tensor.withBytes { bytes in
                guard let address = bytes.baseAddress, let format = part.tensor.type.matrixFormat else { return }
                let source = ProductSource(
                    format: format, bytes: address, rowBytes: bytes.count / max(part.rows, 1), rows: part.rows,
                    columns: columns, order: order)
                let target = ProductTarget(start: start, stride: rows, count: count)
                if isRounded, format.hasIntegerProduct {
                    source.multiplyRounded(into: target, workspace)
                } else if kernel == .panels {
                    source.multiplyPanels(x, into: target, workspace)
                } else {
                    source.multiplyColumns(x, into: target, workspace)
                    for vector in 0..<count { part.order.restore(start + vector * rows, rows: part.rows, width: 1) }
                }
            }
            start += part.rows
        }
    }
}

/// The destination of a product: `count` rows, `stride` values apart.
struct ProductTarget {
    let start: UnsafeMutablePointer<Float>
    let stride: Int
    let count: Int
}

/// Rows of weights, one after the other in memory; with an order, row `i` is stored row `order[i]`.
struct ProductSource {
    let format: MatrixFormat
    let bytes: UnsafeRawPointer
    let rowBytes: Int
    let rows: Int
    let columns: Int
    let order: [Int32]

    private func multiplications(_ target: ProductTarget) -> Int { rows * columns * target.count }

    /// Calls `body` with the bytes and the order of rows from `first` on.
    private func with(_ first: Int, _ body: (UnsafeRawPointer, UnsafePointer<Int32>?) -> Void) {
        guard !order.isEmpty else { return body(bytes + first * rowBytes, nil) }
        order.withUnsafeBufferPointer { order in
            guard let start = order.baseAddress else { return }
            body(bytes, start + first)
        }
    }

    /// In integers, by what is in `workspace.rounded`.
    func multiplyRounded(into target: ProductTarget, _ workspace: ProductWorkspace) {
        let (kernels, rounded) = (workspace.kernels, workspace.rounded)
        workspace.share(rows, inPiecesOf: 16, multiplications: multiplications(target) / 2) { range, _ in
            with(range.lowerBound) { bytes, order in
                kernels.multiply(
                    format, bytes, rowBytes: rowBytes, order: order, by: rounded, count: target.count,
                    into: target.start + range.lowerBound, stride: target.stride, rows: range.count, depth: columns)
            }
        }
    }

    /// By panels, a few rows at a time.
    func multiplyPanels(_ x: UnsafePointer<Float>, into target: ProductTarget, _ workspace: ProductWorkspace) {
        let kernels = workspace.kernels
        let most = StoredMatrix.rowsAtOnce
        let panels = workspace.panels(count: kernels.panelCount(rows: min(rows, most), depth: columns))
        workspace.share(rows, inPiecesOf: 48, multiplications: multiplications(target)) { range, member in
            for first in stride(from: range.lowerBound, to: range.upperBound, by: most) {
                let rows = min(most, range.upperBound - first)
                with(first) { bytes, order in
                    kernels.pack(
                        format, bytes, rowBytes: rowBytes, order: order, rows: rows, depth: columns,
                        into: panels[member])
                }
                kernels.multiply(
                    x, stride: columns, panels: panels[member], packedDepth: columns, into: target.start + first,
                    stride: target.stride, rows: target.count, columns: rows, depth: columns)
            }
        }
    }

    /// As the file has them, rows in the order in which they are stored.
    func multiplyColumns(_ x: UnsafePointer<Float>, into target: ProductTarget, _ workspace: ProductWorkspace) {
        let kernels = workspace.kernels
        workspace.share(rows, inPiecesOf: 16, multiplications: multiplications(target)) { range, _ in
            kernels.multiply(
                format, bytes + range.lowerBound * rowBytes, columns: x, stride: columns, count: target.count,
                into: target.start + range.lowerBound, stride: target.stride, rows: range.count, depth: columns)
        }
    }
}
