/// The reason why nothing can be served.
public struct ServingError: Error, Sendable, CustomStringConvertible {
    /// The fault, its place and its remedy, for a person.
    public let description: String

    init(_ description: String) { self.description = description }
}
