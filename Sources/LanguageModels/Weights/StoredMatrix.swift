internal import LinearAlgebra
internal import WeightFiles

/// A weight matrix as its file has it: one or more tensors whose rows follow one another.
struct StoredMatrix: Sendable {
    /// A tensor and the order of its rows.
    struct Part: Sendable {
        let tensor: Tensor
        let order: RowOrder
        /// The exponents of the tensor's blocks of floats of four bits, `[rows, blocks]`, if it holds such: `[rows, blocks, 16]`.
        let exponents: Tensor?

        init(tensor: Tensor, order: RowOrder = .asUsed, exponents: Tensor? = nil) {
            self.tensor = tensor
            self.order = order
            self.exponents = exponents
        }

        /// The number of values.
        var count: Int { exponents.map { $0.count * MicroFloat.valuesPerBlock } ?? tensor.count }
        /// The rows of the matrix.
        var rows: Int { exponents?.rows ?? (order.isTransposed ? tensor.columns : tensor.rows) }
        /// The columns of the matrix.
        var columns: Int {
            exponents.map { $0.columns * MicroFloat.valuesPerBlock }
                ?? (order.isTransposed ? tensor.rows : tensor.columns)
        }
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
    func expand(into values: UnsafeMutablePointer<Float>) {
        var start = values
        for part in parts {
            part.read(into: start)
            part.order.restore(start, rows: part.rows, width: columns)
            start += part.count
        }
    }

    /// Whether all parts have kernels that multiply straight from the file's blocks.
    var canMultiply: Bool {
        parts.allSatisfy { part in
            guard part.exponents == nil, !part.order.isTransposed, let format = part.tensor.type.matrixFormat else {
                return false
            }
            return columns % format.valuesPerBlock == 0 && part.isAligned
        }
    }
}

extension StoredMatrix.Part {
    /// Reads all values, in the order in which they are stored.
    fileprivate func read(into start: UnsafeMutablePointer<Float>) {
        if let exponents {
            return tensor.withBytes { bytes in
                exponents.withBytes { scales in
                    guard let address = bytes.baseAddress, let scales = scales.baseAddress else { return }
                    MicroFloat.expand(address, exponents: scales, blocks: exponents.count, into: start)
                }
            }
        }
        do {
            try tensor.read(rows: 0..<tensor.rows, into: UnsafeMutableBufferPointer(start: start, count: tensor.count))
        } catch {
            // All rows of a tensor can be read into room for all. Were it otherwise, no result could pass for a number.
            start.update(repeating: .nan, count: tensor.count)
        }
    }

    /// Throws if a value is not a finite number.
    func checkFinite() throws(ModelError) {
        guard let exponents else { return try tensor.checkFinite() }
        guard let wrong = exponents.withBytes({ $0.firstIndex(of: MicroFloat.noNumber) }) else { return }
        throw .notFinite(tensor: exponents.name, file: exponents.file, index: exponents.firstValue + wrong)
    }

    /// Whether the tensor's floats can be read at its bytes' address; other types are read at any.
    fileprivate var isAligned: Bool {
        tensor.type != .f32 || tensor.withBytes { UInt(bitPattern: $0.baseAddress) % 4 == 0 }
    }
}

extension TensorType {
    /// The format of the kernels that multiply such a matrix by vectors; `nil` if it is to be expanded first.
    var matrixFormat: MatrixFormat? {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .q8_0: .q8_0
        case .q4_0: .q4_0
        case .q4_1: .q4_1
        case .q5_0: .q5_0
        case .q5_1: .q5_1
        case .q4_k: .q4_k
        case .q5_k: .q5_k
        case .q6_k: .q6_k
        default: nil
        }
    }
}
