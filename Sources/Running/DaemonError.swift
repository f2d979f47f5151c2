/// Why a topology cannot be built or go on.
package struct DaemonError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault, which decides the exit code.
    package enum Kind: Sendable, Hashable {
        /// The topology or what it names is wrong: exit code 78.
        case configuration
        /// What is stored does not fit what the source holds: exit code 65.
        case fence
        /// Something failed while running: exit code 70.
        case runtime
    }

    /// The kind.
    package let kind: Kind
    /// What is wrong, where, and what to do, for a person.
    package let description: String

    /// Makes an error.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The code that the process exits with (sysexits.h).
    package var exitCode: Int32 {
        switch kind {
        case .configuration: 78
        case .fence: 65
        case .runtime: 70
        }
    }
}
