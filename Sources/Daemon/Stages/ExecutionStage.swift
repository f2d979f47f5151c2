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
    /// Draws further tiers of negatives; `nil` where only random ones are asked for.
    let tiers: TierDrawing?
    let rounds: RoundRule
    let desk: ContestDesk
    let pools: PoolShelf
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    func run(from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>) async throws {
        try await HeldOutScoring(
            node: node, latents: latents, seed: seed, chunk: ScoringMemory.executedAtOnce * width, rounds: rounds,
            desk: desk, pools: pools,
            ledger: ledger, compute: compute, stop: stop, close: { await tiers?.closed(by: node) }
        ).run(from: input, into: output, where: { $0.predicate != nil }) { wishes, update, pool in
            try await scores(of: wishes, on: update, pool: pool)
        }
    }

    private func scores(
        of wishes: [HeldOutScoring.Wish], on update: EvidenceUpdate, pool: NegativePool
    ) async throws -> [Score] {
        let sets = try await compute.spread(wishes, over: width, timers: timers) { part in
            part.map { HeldOutSet(of: $0.own, besides: $0.besides, on: update.view, pool: [], overlap: overlap) }
        }
        guard let filled = try await tiers.filled(wishes.map(\.own), sets, on: update) else { return [] }
        let pairs = zip(wishes, filled).map { (wish: $0, heldOut: $1) }
        return try await compute.spread(pairs, over: width, timers: timers) { part in
            try part.compactMap { try score($0.wish, heldOut: $0.heldOut, pool: pool) }
        }.sorted { $0.latent < $1.latent }
    }

    private func score(_ wish: HeldOutScoring.Wish, heldOut: HeldOutSet, pool: NegativePool) throws -> Score? {
        guard let json = wish.explanation.predicate else { return nil }
        let matcher = vocabulary.matcher(for: try LexicalPredicate(json: json))
        do {
            let subject = ScoreSubject(
                node: node, explanation: wish.explanation, latent: wish.own.latent, control: wish.control, seed: seed)
            return try ExecutionScorer.score(subject, on: heldOut, pool: pool) { matcher.matches($0) }
        } catch {
            guard error.kind == .tooFewExamples else { throw error }
            return nil
        }
    }
}
