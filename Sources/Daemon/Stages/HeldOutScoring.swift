import Dataflow
import Elements
import Scoring

/// Scores explanations without a judge as they come, and each on another latent's windows too, as a control.
struct HeldOutScoring: Sendable {
    /// An explanation, and the one that decides on whose windows it is scored and what of them is held out.
    struct Wish: Sendable {
        let explanation: Explanation
        let own: Explanation
        let control: String?
    }

    let node: String
    let latents: Set<Int>
    let seed: UInt64
    /// Explanations whose scores are written down together.
    let chunk: Int
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal

    /// The scores of the explanations that `takes` wants, as `scores` makes them.
    func results(
        of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable,
        where takes: @escaping @Sendable (Explanation) -> Bool = { _ in true },
        by scores: @escaping @Sendable ([Wish], EvidenceUpdate, NegativePool) async throws -> [Score]
    ) -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            var book = ScoringBook(
                latents: latents, seed: seed, limit: .max, scores: try await ledger.scores(of: node))
            var pool: (update: EvidenceUpdate, pool: NegativePool)?
            func score(_ wishes: [Wish]) async throws {
                guard let pool else { return }
                for chunk in wishes.chunks(of: chunk) where !stop.isRaised {
                    let scores = try await scores(chunk, pool.update, pool.pool)
                    for score in scores {
                        book.note(
                            score.explanation, of: score.explainedBy, latent: score.latent, control: score.control)
                    }
                    try await ledger.record(scores, by: node)
                    try await output.send(.batch(ScoreBatch(scores: scores, node: node)))
                }
            }
            func settle() async throws {
                guard let pool, !stop.isRaised else { return }
                try await score(
                    book.controls().map { Wish(explanation: $0.other, own: $0.own, control: Shuffle.name) })
                try await ledger.noteSkipped(
                    by: node, of: latents, coverage: book.coverage, view: pool.update.view, compute: compute)
            }
            for try await flow in upstream {
                guard case .batch(let batch) = flow else { continue }
                if book.isComplete(before: batch) { try await settle() }
                let fresh = book.take(batch.explanations.filter(takes))
                if pool?.update.epoch != batch.update.epoch {
                    let update = batch.update
                    pool = (update, try await compute.run { _ in NegativePool(pool: update.view.pool) })
                }
                try await score(fresh.map { Wish(explanation: $0, own: $0, control: nil) })
                if !stop.isRaised {
                    try await output.send(
                        .batch(ScoreBatch(scores: [], node: node, considered: batch.explanations.map(\.job))))
                }
            }
            try await settle()
            try await output.send(.end)
        }
    }
}
