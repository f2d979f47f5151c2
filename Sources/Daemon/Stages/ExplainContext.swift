import Dataflow
import Elements
import Lineage

/// What every explain node works with.
struct ExplainContext: Sendable {
    /// The id of the node.
    let node: String
    /// The latents that it explains.
    let latents: [Int]
    /// The windows that a latent must have fired in before it is explained.
    let minimumExamples: Int
    let waitsForDrain: Bool
    /// Of every random choice.
    let seed: UInt64
    /// Decides what is explained when, and what comes of it.
    let lineage: SharedLineage
    let ledger: JobLedger
    let compute: ComputePool<Void>
    /// Threads that one node's work is spread over.
    let width: Int
    let stop: StopSignal
    let timers: StageTimers
}

extension ExplainContext {
    /// Tells the lineage of an event.
    @discardableResult
    func tell(_ event: ExplainEvent) -> [ExplainAction] { lineage.tell(event, at: node) }

    /// Takes new explanations in, writes them down with what could be chosen at once, and sends those that are to be
    /// scored.
    ///
    /// A crash before they are on disk leaves no trace; after it the lineage is restored with them.
    func take(
        _ made: [Explanation], on update: EvidenceUpdate?, into output: OutputPort<ExplanationBatch>
    ) async throws {
        for action in tell(.explained(made)) {
            switch action {
            case .record(let explanations, let choices):
                try await ledger.record(explanations, choosing: choices, by: node)
            case .passOn(let explanations):
                if let update { try await output.send(.explanations(explanations, update)) }
            case .look, .explain: break
            }
        }
    }
}
