internal import LinearAlgebra

/// Adds a vector to every row: `h + strength · v`.
public struct AddedVector: ActivationEdit {
    /// The vector `v`, `[width]`.
    public let vector: [Float]
    /// The factor of the vector; 0 changes no bit.
    public let strength: Float

    /// Makes an edit.
    public init(_ vector: [Float], strength: Float = 1) {
        self.vector = vector
        self.strength = strength
    }

    /// Adds the vector; throws if it is not of the activations' width.
    public func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) throws {
        try UnsuitableEdit.check(vector.count, "the vector", expected: width)
        guard strength != 0, let start = values.baseAddress else { return }
        for row in 0..<rows { VectorKernels.best.add(strength, times: vector, to: start + row * width, count: width) }
    }
}
