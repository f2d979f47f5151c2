/// Why nothing can be served.
public struct ServingError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what to do, for a person.
    public let description: String

    /// The code that the process exits with (sysexits.h): what the topology names is wrong.
    public var exitCode: Int32 { 78 }

    init(_ description: String) { self.description = description }
}
