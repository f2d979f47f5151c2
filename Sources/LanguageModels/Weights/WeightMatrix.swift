internal import LinearAlgebra

/// A weight matrix expanded to floats, `[rows, columns]`, with the stored one it comes from.
final class WeightMatrix: @unchecked Sendable {
    // Sound: the floats are written in the initialiser only.
    private let values: FloatBuffer
    let stored: StoredMatrix
    let rows: Int
    let columns: Int

    init(_ stored: StoredMatrix) throws(ModelError) {
        self.stored = stored
        rows = stored.rows
        columns = stored.columns
        values = FloatBuffer(count: rows * columns)
        try stored.expand(into: values.pointer)
    }

    /// The first value.
    var pointer: UnsafePointer<Float> { UnsafePointer(values.pointer) }
}
