public import Hashing
import Inference

/// Turns texts into vectors of length 1 whose directions are alike if their meanings are.
public protocol TextEmbedder: Sendable {
    /// The model's name, for people.
    var name: String { get }
    /// A hash of what decides its vectors.
    var digest: Hash128 { get }

    /// The vectors of some texts, in order, each with the number of tokens it was read as.
    func embed(_ texts: [String]) async throws -> [TextEmbedding]
}

/// The vector of a text.
public struct TextEmbedding: Sendable, Hashable {
    /// The vector, of length 1.
    public let vector: [Float]
    /// The tokens that the text was read as.
    public let tokens: Int

    /// Makes an embedding.
    public init(vector: [Float], tokens: Int) {
        self.vector = vector
        self.tokens = tokens
    }

    /// The cosine with another: the product of the vectors, since both have length 1.
    public func cosine(_ other: TextEmbedding) -> Double {
        zip(vector, other.vector).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}

extension TextEmbedding: TokenCounted {
    package var tokensIn: Int { tokens }
}
