package import Hashing
package import Inference
package import Scoring

/// A sentence encoder behind an endpoint.
package struct EndpointEmbedder: TextEmbedder {
    package let embeddings: OpenAIEmbeddings

    package init(embeddings: OpenAIEmbeddings) {
        self.embeddings = embeddings
    }

    package var name: String { embeddings.name }
    package var digest: Hash128 { embeddings.digest }

    package func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        try await embeddings.vectors(of: texts).map { TextEmbedding(vector: $0.vector, tokens: $0.tokens) }
    }
}
