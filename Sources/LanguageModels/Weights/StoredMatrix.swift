internal import LinearAlgebra
internal import WeightFiles

/// Which order the rows of a stored matrix are in.
enum RowOrder: Sendable, Hashable {
    /// The order in which they are used.
    case asUsed
    /// The two rows of each rotated pair side by side, as GGUF files of the Llama architecture store queries and keys;
    /// used with all first rows of a head before all second ones.
    case pairs(headWidth: Int)

    /// Puts rows of `width` values into the order in which they are used.
    func restore(_ values: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
        guard case .pairs(let headWidth) = self else { return }
        let count = headWidth * width
        let half = headWidth / 2
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { copy in
            guard let stored = copy.baseAddress else { return }
            for head in 0..<rows / headWidth {
                let start = values + head * count
                stored.update(from: start, count: count)
                for row in 0..<headWidth {
                    let used = row % 2 * half + row / 2
                    (start + used * width).update(from: stored + row * width, count: width)
                }
            }
        }
    }
}

/// A weight matrix as its file has it: one or more tensors whose rows stand one after the other.
struct StoredMatrix: Sendable {
    /// A tensor and the order of its rows.
    struct Part: Sendable {
        let tensor: Tensor
        let order: RowOrder
    }

    let parts: [Part]
    let rows: Int
    let columns: Int

    /// Joins tensors of one width; the caller has checked their shapes.
    init(_ parts: [Part]) {
        self.parts = parts
        rows = parts.reduce(0) { $0 + $1.tensor.rows }
        columns = parts.first?.tensor.columns ?? 0
    }

    /// Makes a matrix of one tensor.
    init(_ tensor: Tensor) { self.init([Part(tensor: tensor, order: .asUsed)]) }

    /// Expands the matrix to floats `[rows, columns]`, rows in the order in which they are used.
    func expand(into values: UnsafeMutablePointer<Float>) throws(ModelError) {
        var start = values
        for part in parts {
            let count = part.tensor.rows * columns
            do {
                try part.tensor.read(
                    rows: 0..<part.tensor.rows, into: UnsafeMutableBufferPointer(start: start, count: count))
            } catch {
                throw .weightFile(error)
            }
            part.order.restore(start, rows: part.tensor.rows, width: columns)
            start += count
        }
    }

    /// Multiplies by a vector straight from the file's blocks; `false` where a part's type has no kernel for that.
    func multiply(
        _ x: UnsafePointer<Float>, sums: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
        kernels: VectorKernels
    ) -> Bool {
        var start = y
        for part in parts {
            guard let format = part.tensor.type.matrixFormat, columns % format.valuesPerBlock == 0 else { return false }
            part.tensor.withBytes { bytes in
                guard let address = bytes.baseAddress else { return }
                kernels.multiply(
                    format, address, by: x, sums: sums, into: start, rows: part.tensor.rows, depth: columns)
            }
            part.order.restore(start, rows: part.tensor.rows, width: 1)
            start += part.tensor.rows
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
