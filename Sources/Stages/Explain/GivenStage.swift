package import Dataflow
package import Elements
package import Explaining
import Jobs
import Lineage
import Running
import Synchronization

/// Hands on explanations that nobody works out here, each once its latent has fired often enough to be scored.
///
/// It comes after the checkpoints, so no barrier passes it: its results are kept by the store.
package struct GivenStage: Stage {
    package let context: ExplainContext
    /// By latent: the rows from which its explanations are made; `nil` for an explanation without a text.
    package let rows: [Int: [ExplanationRow]]?

    package init(context: ExplainContext, rows: [Int: [ExplanationRow]]?) {
        self.context = context
        self.rows = rows
    }

    package func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        try await ExplainNodeDriver(
            context: context, work: GivenWork(context: context, rows: rows, output: output), output: output
        ).run(from: input)
    }
}

/// Takes explanations as they are given: a latent may have several, and none is challenged.
private final class GivenWork: ExplainWork {
    private let context: ExplainContext
    private let rows: [Int: [ExplanationRow]]?
    private let output: OutputPort<ExplanationBatch>
    private let known = Mutex<Set<JobID>>([])

    init(context: ExplainContext, rows: [Int: [ExplanationRow]]?, output: OutputPort<ExplanationBatch>) {
        self.context = context
        self.rows = rows
        self.output = output
    }

    var goesOnAfterStop: Bool { false }
    var settlesAtOnce: Bool { true }

    func resume() async throws -> [Explanation] {
        // After a stop nothing is scored any more, so nothing need be announced.
        guard let stored = try await context.jobStore.explanations(of: context.node, until: context.stop)
        else { return [] }
        known.withLock { $0.formUnion(stored.map(\.job)) }
        return stored
    }

    func explain(_ requests: [ExplainRequest], on update: EvidenceUpdate) async throws {
        guard !context.stop.isRaised else { return }
        let given = context.timers.busy { explanations(on: update) }
        let fresh = known.withLock { known in given.filter { known.insert($0.job).inserted } }
        for chunk in fresh.chunks(of: 1024) where !context.stop.isRaised {
            try await context.jobStore.record(chunk, by: context.node)
            try await output.send(.explanations(chunk, update))
        }
    }

    private func explanations(on update: EvidenceUpdate) -> [Explanation] {
        let node = context.node
        return context.latents.flatMap { latent -> [Explanation] in
            guard rows == nil || rows?[latent] != nil,
                update.view.windowsFired(of: latent) >= UInt64(context.minimumExamples)
            else { return [] }
            guard let rows else { return [GivenExplainer.none(of: latent, node: node, update: update)] }
            return (rows[latent] ?? []).map { GivenExplainer.loaded($0, node: node, update: update) }
        }
    }
}
