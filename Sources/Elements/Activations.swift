public import Dataflow

/// A matrix of floats, row-major.
public struct Matrix: Sendable, Hashable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The values, `rows * columns` of them, row-major.
    public var values: [Float]

    /// Makes a matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = [Float](repeating: 0, count: rows * columns)
    }

    /// Makes a matrix of given values; `nil` if their number is not `rows * columns`.
    public init?(rows: Int, columns: Int, values: [Float]) {
        guard rows >= 0, columns >= 0, values.count == rows * columns else { return nil }
        self.rows = rows
        self.columns = columns
        self.values = values
    }
}

/// The activations of some contexts at one or more hookpoints.
public struct ActivationBatch: Sendable, Weighed {
    /// The contexts, in order.
    public let contexts: [Context]
    /// By hookpoint name: `[tokens, d_in]`, the rows of all contexts one after the other.
    public let activations: [String: Matrix]
    /// Where partitions stand after it, also those of whose last records there is no context.
    public let reached: [Fence]
    /// The weight of the batch in bytes.
    public let byteCount: Int
    /// The number of tokens.
    public var elementCount: Int { contexts.reduce(0) { $0 + $1.tokens.count } }

    /// Makes a batch and weighs it.
    public init(contexts: [Context], activations: [String: Matrix], reached: [Fence] = []) {
        self.contexts = contexts
        self.activations = activations
        self.reached = reached
        byteCount = activations.values.reduce(64 * contexts.count) { $0 + 4 * $1.values.count }
    }
}
