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
        HeldOutScoring(
            node: node, latents: latents, seed: seed, chunk: 128 * width, ledger: ledger, compute: compute, stop: stop
        ).results(of: upstream, where: { $0.predicate != nil }) { wishes, update, pool in
            try await compute.spread(wishes, over: width, timers: timers) { part in
                try part.compactMap { try score($0, on: update, pool: pool) }
            }.sorted { $0.latent < $1.latent }
        }
    }

    private func score(
        _ wish: HeldOutScoring.Wish, on update: EvidenceUpdate, pool: NegativePool
    ) throws -> Score? {
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
