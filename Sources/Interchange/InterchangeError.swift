/// The reason why a file of another program, or a state to be exported, cannot be read or written.
public struct InterchangeError: Error, Sendable, CustomStringConvertible {
    /// The kind of fault.
    public enum Kind: Sendable, Hashable {
        /// A named file or folder is wrong, or is not of the kind it was named as.
        case configuration
        /// What is stored cannot be read.
        case damaged
        /// The machine refuses to write.
        case machine
    }

    /// The kind.
    public let kind: Kind
    /// The fault, its place and its remedy, for a person.
    public let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
