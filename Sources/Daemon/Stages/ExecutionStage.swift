import Dataflow
import Elements
import Evidence
import Explaining
import Scoring

/// Runs executable explanations over their latents' held-out windows.
struct ExecutionStage: Stage {
    let node: String
    let latents: Set<Int>
    let overlap: HeldOut.Overlap
    let seed: UInt64
    let vocabulary: LexicalVocabulary
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    /// An explanation, and the one that decides on whose windows it is run and what of them is held out.
    private struct Wish {
        let explanation: Explanation
        let own: Explanation
        let control: String?
    }

    func results(of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            var book = ScoringBook(
                latents: latents, seed: seed, limit: .max, scores: try await ledger.scores(of: node))
            var pool: (update: EvidenceUpdate, pool: NegativePool)?
            func score(_ wishes: [Wish]) async throws {
                guard let pool else { return }
                for chunk in wishes.chunks(of: 128 * width) where !stop.isRaised {
                    let scores = try await scores(of: chunk, on: pool.update, pool: pool.pool)
                    for score in scores {
                        book.note(
                            score.explanation, of: score.explainedBy, latent: score.latent, control: score.control)
                    }
                    try await ledger.record(scores, by: node)
                    try await output.send(.batch(ScoreBatch(scores: scores)))
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
                let fresh = book.take(batch.explanations.filter { $0.predicate != nil })
                if pool?.update.epoch != batch.update.epoch {
                    let update = batch.update
                    pool = (update, try await compute.run { _ in NegativePool(pool: update.view.pool) })
                }
                try await score(fresh.map { Wish(explanation: $0, own: $0, control: nil) })
            }
            try await settle()
            try await output.send(.end)
        }
    }

    private func scores(
        of wishes: [Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        try await withThrowingTaskGroup(of: [Score].self) { group in
            let size = max(1, (wishes.count + width - 1) / width)
            for part in wishes.chunks(of: size) {
                group.addTask {
                    try await compute.run { _ in
                        let start = ContinuousClock.now
                        defer { timers.add(ContinuousClock.now - start, to: .busy) }
                        return try part.compactMap { try score($0, on: update, pool: pool) }
                    }
                }
            }
            var all: [Score] = []
            for try await part in group { all += part }
            return all.sorted { $0.latent < $1.latent }
        }
    }

    private func score(_ wish: Wish, on update: EvidenceUpdate, pool: NegativePool) throws -> Score? {
        guard let json = wish.explanation.predicate else { return nil }
        let matcher = vocabulary.matcher(for: try LexicalPredicate(json: json))
        let heldOut = HeldOutSet(of: wish.own, on: update.view, pool: [], overlap: overlap)
        do {
            return try ExecutionScorer.score(
                node: node, explanation: wish.explanation, latent: wish.own.latent, control: wish.control,
                positives: heldOut.positives, account: heldOut.account, pool: pool, seed: seed,
                matches: { matcher.matches($0) })
        } catch {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }
}
