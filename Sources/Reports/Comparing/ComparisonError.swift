/// The reason why nodes cannot be compared.
public struct ComparisonError: Error, Sendable, CustomStringConvertible {
    /// The nodes, the reason and what to do, for a person.
    public let description: String

    init(_ description: String) { self.description = description }
}
