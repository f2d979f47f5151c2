/// Sets all activations to zero.
public struct ZeroAblation: ActivationEdit {
    /// Makes an edit.
    public init() {}

    /// Sets the values to zero.
    public func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) {
        values.update(repeating: 0)
    }
}
