internal import LinearAlgebra

/// Changes the code of one latent, what the coder does not explain kept: `h + (new − old) · W_dec[i]`.
public struct LatentEdit: ActivationEdit {
    /// How a code changes.
    public enum Change: Sendable, Hashable {
        /// The new code; 0 ablates the latent.
        case set(Float)
        /// What is added to the code; 0 changes no bit.
        case add(Float)
        /// What the code is multiplied by; 1 changes no bit.
        case multiply(Float)

        /// New − old.
        func difference(_ old: Float) -> Float {
            switch self {
            case .set(let new): new - old
            case .add(let addend): addend
            case .multiply(let factor): factor == 1 ? 0 : factor * old - old
            }
        }
    }

    /// The latent's row of the decoder, `[width]`.
    public let direction: [Float]
    /// How its code changes.
    public let change: Change
    private let codes: @Sendable (UnsafeBufferPointer<Float>, _ rows: Int, _ width: Int) throws -> [Float]

    /// Makes an edit; `codes` encodes activations `[rows, width]` and gives the latent's code in each row.
    public init(
        direction: [Float], change: Change,
        codes: @escaping @Sendable (UnsafeBufferPointer<Float>, _ rows: Int, _ width: Int) throws -> [Float]
    ) {
        self.direction = direction
        self.change = change
        self.codes = codes
    }

    /// Changes the code in each row; throws what `codes` throws, and where sizes do not agree.
    public func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) throws {
        try UnsuitableEdit.check(direction.count, "the decoder row", expected: width)
        var old = [Float](repeating: 0, count: rows)
        // What is added needs no encoding.
        if case .add = change {} else { old = try codes(UnsafeBufferPointer(values), rows, width) }
        try UnsuitableEdit.check(old.count, "the list of codes", expected: rows)
        guard let start = values.baseAddress else { return }
        for (row, old) in old.enumerated() {
            let difference = change.difference(old)
            guard difference != 0 else { continue }
            VectorKernels.best.add(difference, times: direction, to: start + row * width, count: width)
        }
    }
}
