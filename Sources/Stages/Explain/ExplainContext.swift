package import Dataflow
package import Elements
package import Jobs
package import Lineage
package import Running
import Store

/// The values that every explain node works with.
package struct ExplainContext: Sendable {
    /// The id of the node.
    package let node: String
    /// The latents that it explains.
    package let latents: [Int]
    /// The windows that a latent must have fired in before it is explained.
    package let minimumExamples: Int
    package let waitsForDrain: Bool
    /// The most latents that it explains, those of the largest firing mass; `nil` for all of them.
    package var limit: Int?
    /// Whether another process has what there is of a latent, where several share a topology.
    package var isElsewhere: @Sendable (_ latent: Int) -> Bool = { _ in false }
    /// Which latents come first.
    package var priority = JobPriority()
    /// The seed of every random choice.
    package let seed: UInt64
    /// Decides what is explained, and when, and the outcome.
    package let lineage: SharedLineage
    package let jobStore: JobStore
    package let compute: ComputePool<Void>
    /// Threads that one node's work is spread over.
    package let width: Int
    package let stop: StopSignal
    package let timers: StageTimers

    package init(
        node: String, latents: [Int], minimumExamples: Int, waitsForDrain: Bool, seed: UInt64, lineage: SharedLineage,
        jobStore: JobStore, compute: ComputePool<Void>, width: Int, stop: StopSignal, timers: StageTimers
    ) {
        self.node = node
        self.latents = latents
        self.minimumExamples = minimumExamples
        self.waitsForDrain = waitsForDrain
        self.seed = seed
        self.lineage = lineage
        self.jobStore = jobStore
        self.compute = compute
        self.width = width
        self.stop = stop
        self.timers = timers
    }
}

extension ExplainContext {
    /// Why a request for an explanation comes to nothing.
    static let nothingNew = "there is too little evidence, nothing to say of it, or none that it was not explained from"

    /// Notifies the lineage of an event.
    @discardableResult
    package func tell(_ event: ExplainEvent) -> [ExplainAction] { lineage.tell(event, at: node) }

    /// What a request is worth by the evidence of an update.
    package func worth(of request: ExplainRequest, on update: EvidenceUpdate) -> Double {
        priority.worth(
            of: request.latent, firingMass: update.view.statistics(of: request.latent).sum,
            score: request.again.flatMap { again in lineage.with { $0.lowestScore(of: again.standing) } })
    }

    /// Takes new explanations in, writes them down with what could be chosen at once, and sends those that are to be
    /// scored.
    ///
    /// A crash before they are on disk leaves no trace; after it the lineage is restored with them. The requests that they come
    /// of are done with that; one of a latent without an explanation comes to nothing.
    package func take(
        _ made: [Explanation], on update: EvidenceUpdate?, into output: OutputPort<ExplanationBatch>,
        fulfilling requests: [RequestID] = []
    ) async throws {
        if made.isEmpty { try await jobStore.dismiss(requests, because: Self.nothingNew) }
        for action in tell(.explained(made)) {
            switch action {
            case .record(let explanations, let choices):
                try await jobStore.record(
                    explanations, choosing: choices, by: node, fulfilling: FulfilledRequests(requests))
            case .passOn(let explanations):
                if let update { try await output.send(.explanations(explanations, update)) }
            case .look, .explain, .dismiss, .pin: break
            }
        }
    }
}
