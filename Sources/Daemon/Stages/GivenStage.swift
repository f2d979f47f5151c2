import Dataflow
import Elements
import Explaining

/// Hands on explanations that nobody works out here, each once its latent has fired often enough to be scored.
///
/// It stands behind the checkpoints, so no barrier passes it: what it makes is kept by the job table.
struct GivenStage: Stage {
    let node: String
    /// By latent: what its explanations are made of; `nil` for an explanation without a text.
    let rows: [Int: [ExplanationRow]]?
    let latents: [Int]
    let minimumExamples: Int
    let waitsForDrain: Bool
    let ledger: JobLedger
    let stop: StopSignal

    func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        var known: Set<JobID>?
        for try await flow in input {
            guard case .batch(let update) = flow, update.isCaughtUp || !waitsForDrain, !stop.isRaised else {
                continue
            }
            if known == nil {
                let stored = try await ledger.explanations(of: node)
                known = Set(stored.map(\.job))
                if !stored.isEmpty {
                    try await output.send(.batch(ExplanationBatch(explanations: stored, update: update)))
                }
            }
            var made = known ?? []
            let fresh = explanations(on: update).filter { made.insert($0.job).inserted }
            known = made
            for chunk in fresh.chunks(of: 1024) where !stop.isRaised {
                try await ledger.record(chunk, by: node)
                try await output.send(.batch(ExplanationBatch(explanations: chunk, update: update)))
            }
            // Tells the scorers that there are no more for now.
            try await output.send(.batch(ExplanationBatch(explanations: [], update: update)))
        }
    }

    private func explanations(on update: EvidenceUpdate) -> [Explanation] {
        latents.flatMap { latent -> [Explanation] in
            guard rows == nil || rows?[latent] != nil,
                update.view.statistics(of: latent).windowsFired >= UInt64(minimumExamples)
            else { return [] }
            guard let rows else { return [GivenExplainer.none(of: latent, node: node, update: update)] }
            return (rows[latent] ?? []).map { GivenExplainer.loaded($0, node: node, update: update) }
        }
    }
}
