/// Why a topology cannot be built or go on.
package struct DaemonError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault, which decides what a supervisor may do about it.
    package enum Kind: Sendable, Hashable {
        /// The topology or what it names is wrong.
        case configuration
        /// What is stored does not fit what the source holds.
        case fence
        /// A broker, a server or another process stands in the way; the same may succeed later.
        case unavailable
        /// Something failed while running.
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
}
