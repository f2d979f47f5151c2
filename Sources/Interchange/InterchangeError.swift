/// Why a file of another program, or a state to be exported, cannot be read or written.
public struct InterchangeError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault, which decides the exit code.
    public enum Kind: Sendable, Hashable {
        /// What was named is wrong, or is not what it was named as: exit code 78.
        case configuration
        /// Something failed while reading or writing: exit code 70.
        case runtime
    }

    /// The kind.
    public let kind: Kind
    /// What is wrong, where, and what to do, for a person.
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
