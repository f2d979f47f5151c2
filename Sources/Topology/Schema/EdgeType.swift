/// The type of the elements that cross an edge, by the name used in error messages.
public struct EdgeType: Sendable, Hashable, CustomStringConvertible {
    /// The name, in the plural, such as `token contexts`.
    public let description: String

    /// Makes an edge type.
    public init(_ description: String) { self.description = description }

    /// Documents of a corpus.
    public static let documents = EdgeType("documents")
    /// Token contexts.
    public static let contexts = EdgeType("token contexts")
    /// Activations at hookpoints.
    public static let activations = EdgeType("activations")
    /// Sparse codes.
    public static let codes = EdgeType("sparse codes")
    /// Evidence.
    public static let evidence = EdgeType("evidence")
    /// Explanations.
    public static let explanations = EdgeType("explanations")
    /// Scores.
    public static let scores = EdgeType("scores")
    /// Records that were refused.
    public static let deadLetters = EdgeType("dead letters")
}
