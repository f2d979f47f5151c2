import Hashing
import Inference
import Scoring

/// A sentence encoder behind an endpoint.
struct EndpointEmbedder: TextEmbedder {
    let embeddings: OpenAIEmbeddings

    var name: String { embeddings.name }
    var digest: Hash128 { embeddings.digest }

    func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        try await embeddings.vectors(of: texts).map { TextEmbedding(vector: $0.vector, tokens: $0.tokens) }
    }
}
