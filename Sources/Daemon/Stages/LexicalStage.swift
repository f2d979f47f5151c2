import Dataflow
import Elements
import Evidence
import Explaining

/// Explains latents by the tokens their windows contain: work without a language model, so job and result are one.
///
/// It stands behind the checkpoints, so no barrier passes it: what it makes is kept by the job table.
struct LexicalStage: Stage {
    let node: String
    let settings: LexicalSettings
    let seed: UInt64
    let latents: [Int]
    let waitsForDrain: Bool
    let text: any TextTokenizer
    let vocabulary: LexicalVocabulary
    let succession: Succession
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        var explained: Set<Int>?
        var watch = AgainWatch(succession)
        for try await flow in input {
            guard case .batch(let update) = flow, update.isCaughtUp || !waitsForDrain, !stop.isRaised else {
                continue
            }
            if explained == nil {
                let stored = succession.with { $0.current }
                explained = Set(stored.map(\.latent))
                if !stored.isEmpty {
                    try await output.send(.batch(ExplanationBatch(explanations: stored, update: update)))
                }
            }
            let known = explained ?? []
            let first = latents.filter { latent in
                !known.contains(latent)
                    && update.view.statistics(of: latent).windowsFired >= UInt64(settings.minimumExamples)
            }
            let (again, watched) = try await compute.run { [watch] _ in
                var watch = watch
                return (watch.due(on: update.view), watch)
            }
            watch = watched
            let ready = first.map { Wish(latent: $0) } + again.map { Wish(latent: $0.latent, again: $0.again) }
            if !ready.isEmpty {
                let index = try await compute.run { _ in
                    LexicalIndex(
                        pool: update.view.pool, latents: update.view.coder.latents, vocabulary: vocabulary)
                }
                for chunk in ready.chunks(of: 256 * width) where !stop.isRaised {
                    let made = try await explanations(of: chunk, on: update, index: index)
                    explained?.formUnion(made.map(\.latent))
                    let toScore = try await succession.take(made, of: node, into: ledger)
                    guard !toScore.isEmpty else { continue }
                    try await output.send(.batch(ExplanationBatch(explanations: toScore, update: update)))
                }
            }
            // Tells the scorers of the evidence, and that there are no more explanations for now.
            try await output.send(.batch(ExplanationBatch(explanations: [], update: update)))
        }
    }

    /// A latent that is to be explained, and what that will challenge.
    private struct Wish: Sendable {
        let latent: Int
        var again: ExplainedAgain?
    }

    private func explanations(
        of wishes: [Wish], on update: EvidenceUpdate, index: LexicalIndex
    ) async throws -> [Explanation] {
        try await compute.spread(wishes, over: width, timers: timers) { part in
            var explainer = LexicalExplainer(
                node: node, update: update, index: index, settings: settings, seed: seed, text: text)
            return try part.compactMap { wish -> Explanation? in
                let evidence = update.view.evidence(of: wish.latent)
                let basis = EvidenceBasis(of: evidence)
                do {
                    return try explainer.explain(evidence).founded(on: basis, again: wish.again)
                } catch let error as ExplainingError {
                    // Neither is a fault: the latent simply has no explanation of this kind yet.
                    guard error.kind == .tooFewExamples || error.kind == .nothingFound else { throw error }
                    if wish.again != nil { succession.with { $0.noteNothing(of: wish.latent, basis: basis) } }
                    return nil
                }
            }
        }.sorted { $0.latent < $1.latent }
    }
}
