internal import LinearAlgebra
internal import WeightFiles

/// A weight matrix as its file has it: one or more tensors whose rows stand one after the other.
struct StoredMatrix: Sendable {
    /// A tensor and the order of its rows.
    struct Part: Sendable {
        let tensor: Tensor
        let order: RowOrder

        init(tensor: Tensor, order: RowOrder = .asUsed) {
            self.tensor = tensor
            self.order = order
        }

        /// The rows of the matrix.
        var rows: Int { order == .transposed ? tensor.columns : tensor.rows }
        /// The columns of the matrix.
        var columns: Int { order == .transposed ? tensor.rows : tensor.columns }
    }

    let parts: [Part]
    let rows: Int
    let columns: Int

    /// Joins tensors of one width; the caller has checked their shapes.
    init(_ parts: [Part]) {
        self.parts = parts
        rows = parts.reduce(0) { $0 + $1.rows }
        columns = parts.first?.columns ?? 0
    }

    /// Makes a matrix of one tensor.
    init(_ tensor: Tensor, order: RowOrder = .asUsed) { self.init([Part(tensor: tensor, order: order)]) }

    /// Expands the matrix to floats `[rows, columns]`, rows in the order in which they are used.
    ///
    /// Throws where a value is not a finite number.
    func expand(into values: UnsafeMutablePointer<Float>) throws(ModelError) {
        var start = values
        for part in parts {
            try part.tensor.readFinite(into: start)
            part.order.restore(start, rows: part.rows, width: columns)
            start += part.tensor.count
        }
    }

    /// Multiplies by a vector straight from the file's blocks; `false` where a part has no kernel for that.
    func multiply(
        _ x: UnsafePointer<Float>, sums: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
        kernels: VectorKernels
    ) -> Bool {
        var start = y
        for part in parts {
            guard part.order != .transposed, let format = part.tensor.type.matrixFormat,
                columns % format.valuesPerBlock == 0
            else { return false }
            part.tensor.withBytes { bytes in
                guard let address = bytes.baseAddress else { return }
                kernels.multiply(
                    format, address, by: x, sums: sums, into: start, rows: part.rows, depth: columns)
            }
            part.order.restore(start, rows: part.rows, width: 1)
            start += part.rows
        }
        return true
    }
}

extension TensorType {
    /// The format of the kernels that multiply such a matrix by a vector; `nil` where it is to be expanded first.
    fileprivate var matrixFormat: MatrixFormat? {
        switch self {
        case .q4_0: .q4_0
        case .q4_1: .q4_1
        case .q8_0: .q8_0
        default: nil
        }
    }
}
