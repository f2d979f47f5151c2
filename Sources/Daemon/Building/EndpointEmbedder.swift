import Hashing
import Inference
import Observability
import Scoring

/// A sentence encoder behind an endpoint, whose calls are counted, and refused once the topology's budget is spent.
struct EndpointEmbedder: TextEmbedder {
    let embeddings: OpenAIEmbeddings
    let metrics: RunMetrics
    let account: JudgeAccount?

    var name: String { embeddings.name }
    var digest: Hash128 { embeddings.digest }

    func embed(_ texts: [String]) async throws -> [TextEmbedding] {
        guard !texts.isEmpty else { return [] }
        if account?.book.isSpent ?? false {
            throw InferenceError(.budgetSpent, "the topology's `budget` is spent; start again with a larger one")
        }
        let start = ContinuousClock.now
        do {
            let vectors = try await embeddings.vectors(of: texts)
            metrics.asked(model: name, outcome: "done", took: ContinuousClock.now - start)
            let tokens = vectors.reduce(0) { $0 + $1.tokens }
            metrics.spent(model: name, tokensIn: tokens, tokensOut: 0)
            account?.book.charge(
                account?.model ?? name, prices: account?.prices, tokensIn: tokens, tokensOut: 0, tokensCached: 0)
            return vectors.map { TextEmbedding(vector: $0.vector, tokens: $0.tokens) }
        } catch {
            metrics.asked(model: name, outcome: "failed", took: ContinuousClock.now - start)
            throw error
        }
    }
}
