/// The reason why a file of another program, or a state to be exported, cannot be read or written.
public struct InterchangeError: Error, Sendable, CustomStringConvertible {
    /// The kind of fault, which decides the exit code.
    public enum Kind: Sendable, Hashable {
        /// A named file or folder is wrong, or is not of the kind it was named as: exit code 78.
        case configuration
        /// Something failed while reading or writing: exit code 70.
        case runtime
    }

    /// The kind.
    public let kind: Kind
    /// The fault, its place and its remedy, for a person.
    public let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The code that the process exits with (sysexits.h).
    public var exitCode: Int32 {
        switch kind {
        case .configuration: 78
        case .runtime: 70
        }
    }
}
