/// The reason why nothing can be served.
public struct ServingError: Error, Sendable, CustomStringConvertible {
    /// The fault, its place and its remedy, for a person.
    public let description: String

    /// The code that the process exits with (sysexits.h): something that the topology names is wrong.
    public var exitCode: Int32 { 78 }

    init(_ description: String) { self.description = description }
}
