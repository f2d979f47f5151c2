import Hashing
import Inference
import Scoring

/// A sentence encoder behind an endpoint, whose calls are counted.
struct EndpointEmbedder: TextEmbedder {
    let embeddings: OpenAIEmbeddings
    let metrics: RunMetrics

    var name: String { embeddings.name }
    var digest: Hash128 { embeddings.digest }

    func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        guard !texts.isEmpty else { return [] }
        let start = ContinuousClock.now
        do {
            let vectors = try await embeddings.vectors(of: texts)
            metrics.asked(model: name, outcome: "done", took: ContinuousClock.now - start)
            metrics.spent(model: name, tokensIn: vectors.reduce(0) { $0 + $1.tokens }, tokensOut: 0)
            return vectors.map { TextEmbedding(vector: $0.vector, tokens: $0.tokens) }
        } catch {
            metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
            throw error
        }
    }
}
