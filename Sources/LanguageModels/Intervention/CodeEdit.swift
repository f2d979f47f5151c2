internal import LinearAlgebra

/// Changes a coder's code, what the coder does not explain kept: `h + Σ (newᵢ − oldᵢ) · W_dec[i]`.
///
/// The coder is told by two functions, so that any kind of coder will do. Source: Marks et al., arXiv 2403.19647, section 2, for
/// the error term.
public struct CodeEdit: ActivationEdit {
    /// A latent and by how much its code changes: new − old.
    public struct Difference: Sendable, Hashable {
        /// The latent.
        public let latent: Int
        /// New − old; 0 changes no bit.
        public let value: Float

        /// Makes a difference.
        public init(latent: Int, value: Float) {
            self.latent = latent
            self.value = value
        }
    }

    private let differences: @Sendable (UnsafeBufferPointer<Float>, _ rows: Int, _ width: Int) throws -> [[Difference]]
    private let direction: @Sendable (Int) throws -> [Float]

    /// Makes an edit.
    ///
    /// - Parameters:
    ///   - differences: Encodes activations `[rows, width]` and says for each row which codes change.
    ///   - direction: A latent's row of the decoder, `[width]`.
    public init(
        differences:
            @escaping @Sendable (UnsafeBufferPointer<Float>, _ rows: Int, _ width: Int) throws -> [[Difference]],
        direction: @escaping @Sendable (Int) throws -> [Float]
    ) {
        self.differences = differences
        self.direction = direction
    }

    /// Adds the differences' decoder rows; throws what the functions throw, and if their results have the wrong sizes.
    public func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) throws {
        let changes = try differences(UnsafeBufferPointer(values), rows, width)
        try UnsuitableEdit.check(changes.count, "the list of changed codes", expected: rows)
        guard let start = values.baseAddress else { return }
        for (row, changes) in changes.enumerated() {
            for change in changes where change.value != 0 {
                let direction = try direction(change.latent)
                try UnsuitableEdit.check(direction.count, "the decoder row of latent \(change.latent)", expected: width)
                VectorKernels.best.add(change.value, times: direction, to: start + row * width, count: width)
            }
        }
    }
}
