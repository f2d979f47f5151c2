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

    func results(of upstream: any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ScoreBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ScoreBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            var scored: Set<JobID>?
            var pool: (epoch: UInt64, pool: NegativePool)?
            for try await flow in upstream {
                guard case .batch(let batch) = flow else { continue }
                var known = Set<JobID>()
                if let scored {
                    known = scored
                } else {
                    known = Set(try await ledger.scores(of: node).map(\.explanation))
                }
                let fresh = batch.explanations.filter {
                    $0.predicate != nil && latents.contains($0.latent) && !known.contains($0.job)
                }
                scored = known.union(fresh.map(\.job))
                guard !fresh.isEmpty else { continue }
                let update = batch.update
                if pool?.epoch != update.epoch {
                    pool = (update.epoch, try await compute.run { _ in NegativePool(pool: update.view.pool) })
                }
                guard let negatives = pool?.pool else { continue }
                for chunk in fresh.chunks(of: 128 * width) where !stop.isRaised {
                    let scores = try await scores(of: chunk, on: update, pool: negatives)
                    try await ledger.record(scores, by: node)
                    try await output.send(.batch(ScoreBatch(scores: scores)))
                }
            }
            try await output.send(.end)
        }
    }

    private func scores(
        of explanations: [Explanation], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        try await withThrowingTaskGroup(of: [Score].self) { group in
            let size = max(1, (explanations.count + width - 1) / width)
            for part in explanations.chunks(of: size) {
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

    private func score(
        _ explanation: Explanation, on update: EvidenceUpdate, pool: NegativePool
    ) throws -> Score? {
        guard let json = explanation.predicate else { return nil }
        let matcher = vocabulary.matcher(for: try LexicalPredicate(json: json))
        let heldOut = HeldOutSet(of: explanation, on: update.view, pool: [], overlap: overlap)
        do {
            return try ExecutionScorer.score(
                node: node, explanation: explanation, positives: heldOut.positives,
                account: heldOut.account, pool: pool, seed: seed,
                matches: { matcher.matches($0) })
        } catch {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }
}
