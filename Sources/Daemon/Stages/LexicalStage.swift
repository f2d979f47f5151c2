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
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let width: Int
    let stop: StopSignal
    let timers: StageTimers

    func results(of upstream: any AsyncSequence<Flow<EvidenceUpdate>, any Error> & Sendable)
        -> any AsyncSequence<Flow<ExplanationBatch>, any Error> & Sendable
    {
        ProducedSequence<Flow<ExplanationBatch>>(capacity: 1 << 20, weigh: \.weight) { output in
            var explained: Set<Int>?
            for try await flow in upstream {
                guard case .batch(let update) = flow, update.isCaughtUp || !waitsForDrain, !stop.isRaised else {
                    continue
                }
                if explained == nil {
                    let stored = try await ledger.explanations(of: node)
                    explained = Set(stored.map(\.latent))
                    if !stored.isEmpty {
                        try await output.send(.batch(ExplanationBatch(explanations: stored, update: update)))
                    }
                }
                let known = explained ?? []
                let ready = latents.filter { latent in
                    !known.contains(latent)
                        && update.view.statistics(of: latent).windowsFired >= UInt64(settings.minimumExamples)
                }
                guard !ready.isEmpty else { continue }
                let index = try await compute.run { _ in
                    LexicalIndex(
                        pool: update.view.pool, latents: update.view.coder.latents, vocabulary: vocabulary)
                }
                for chunk in ready.chunks(of: 256 * width) where !stop.isRaised {
                    let explanations = try await explanations(of: chunk, on: update, index: index)
                    explained?.formUnion(explanations.map(\.latent))
                    try await ledger.record(explanations, by: node)
                    try await output.send(.batch(ExplanationBatch(explanations: explanations, update: update)))
                }
                // Tells the scorers that there are no more for now.
                try await output.send(.batch(ExplanationBatch(explanations: [], update: update)))
            }
            try await output.send(.end)
        }
    }

    private func explanations(
        of latents: [Int], on update: EvidenceUpdate, index: LexicalIndex
    ) async throws -> [Explanation] {
        try await compute.spread(latents, over: width, timers: timers) { part in
            var explainer = LexicalExplainer(
                node: node, update: update, index: index, settings: settings, seed: seed, text: text)
            return try part.compactMap { latent -> Explanation? in
                do {
                    return try explainer.explain(update.view.evidence(of: latent))
                } catch let error as ExplainingError {
                    // Neither is a fault: the latent simply has no explanation of this kind yet.
                    guard error.kind == .tooFewExamples || error.kind == .nothingFound else { throw error }
                    return nil
                }
            }
        }.sorted { $0.latent < $1.latent }
    }
}
