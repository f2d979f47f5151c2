package import Dataflow
package import Elements
import Jobs
import Lineage

/// Keeps the explanations that persons give; it works none out.
///
/// It comes after the checkpoints, so no barrier passes it: its results are kept by the store.
package struct WrittenStage: Stage {
    package let context: ExplainContext

    package init(context: ExplainContext) { self.context = context }

    package func run(from input: InputPort<EvidenceUpdate>, into output: OutputPort<ExplanationBatch>) async throws {
        try await ExplainNodeDriver(
            context: context, work: WrittenWork(context: context), output: output
        ).run(from: input)
    }
}

/// Evidence calls for nothing here.
private struct WrittenWork: ExplainWork {
    let context: ExplainContext

    var goesOnAfterStop: Bool { false }
    var settlesAtOnce: Bool { true }

    func resume() async throws -> [Explanation] {
        context.lineage.with { [node = context.node] in $0.current(of: node) }
    }

    func explain(_ requests: [ExplainRequest], on update: EvidenceUpdate) async throws {
        try await context.jobStore.dismiss(
            requests.compactMap(\.request), because: "\(context.node) keeps labels and makes no explanations")
    }
}
