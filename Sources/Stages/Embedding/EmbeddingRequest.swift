import Elements
import Hashing
import Scoring

/// An explanation to be scored by embeddings, in the round that asks for it.
struct EmbeddingRequest: Sendable {
    let task: EmbeddingTask
    let round: ScoringRound?

    /// The name of its job: that under which the score will be stored.
    func job(embedder: Hash128) -> JobID {
        let plain = task.job(embedder: embedder)
        return round?.name(of: plain) ?? plain
    }
}
