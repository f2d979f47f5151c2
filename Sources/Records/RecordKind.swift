/// What a record carries for each token.
public enum RecordKind: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A vector of `d_in` floats.
    case activations = 1
    /// Some latents, each with a value.
    case codes = 2

    /// The name, as messages show it.
    public var description: String {
        switch self {
        case .activations: "activations"
        case .codes: "codes"
        }
    }
}
