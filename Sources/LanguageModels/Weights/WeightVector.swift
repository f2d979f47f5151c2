internal import LinearAlgebra
internal import WeightFiles

/// A weight vector as its file has it: one or more tensors one after the other, and a number added to each value.
struct StoredVector: Sendable {
    let parts: [StoredMatrix.Part]
    /// The offset added to each value: 1 if a norm is stored as its distance from 1.
    let addend: Float

    init(_ parts: [StoredMatrix.Part], adding addend: Float = 0) {
        self.parts = parts
        self.addend = addend
    }

    init(_ tensor: Tensor, adding addend: Float = 0) {
        self.init([StoredMatrix.Part(tensor: tensor)], adding: addend)
    }
}

/// A weight vector expanded to floats.
final class WeightVector: @unchecked Sendable {
    // Sound: the floats are written in the initialiser only.
    private let values: FloatBuffer

    /// Throws if a value is not a finite number.
    init(_ stored: StoredVector) throws(ModelError) {
        values = FloatBuffer(count: stored.parts.reduce(0) { $0 + $1.tensor.count })
        var start = values.pointer
        for part in stored.parts {
            try part.tensor.readFinite(into: start)
            part.order.restore(start, rows: part.tensor.count, width: 1)
            start += part.tensor.count
        }
        if stored.addend != 0 {
            for index in 0..<values.count { values.pointer[index] += stored.addend }
        }
    }

    /// `nil` for no vector.
    convenience init?(_ stored: StoredVector?) throws(ModelError) {
        guard let stored else { return nil }
        try self.init(stored)
    }

    /// The number of values.
    var count: Int { values.count }
    /// The first value.
    var pointer: UnsafePointer<Float> { UnsafePointer(values.pointer) }
}
