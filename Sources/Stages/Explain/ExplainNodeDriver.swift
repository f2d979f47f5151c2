package import Dataflow
package import Elements
package import Lineage
import Running

/// The way in which an explain node turns requests into explanations, or into jobs that produce them.
package protocol ExplainWork: Sendable {
    /// Whether the node goes on if the process is stopping.
    var goesOnAfterStop: Bool { get }
    /// Whether all explanations of evidence have been sent once `explain` returns.
    var settlesAtOnce: Bool { get }

    /// Resumes the work of earlier processes; returns the explanations to be announced to the score nodes.
    func resume() async throws -> [Explanation]

    /// Has latents explained.
    func explain(_ requests: [ExplainRequest], on update: EvidenceUpdate) async throws
}

/// Drives an explain node: finds out what evidence calls for, and tells the score nodes of explanations and evidence.
package struct ExplainNodeDriver<Work: ExplainWork> {
    package let context: ExplainContext
    package let work: Work
    package let output: OutputPort<ExplanationBatch>
    /// The evidence that came last, for explanations that are finished later.
    package var latest = LatestUpdate()

    /// Works until the input ends.
    package func run(from input: InputPort<EvidenceUpdate>) async throws {
        var isFirst = true
        for try await flow in input {
            guard case .batch(let update) = flow, update.isCaughtUp || !context.waitsForDrain,
                work.goesOnAfterStop || !context.stop.isRaised
            else { continue }
            latest.update = update
            if isFirst {
                isFirst = false
                let stored = try await work.resume()
                if !stored.isEmpty { try await output.send(.explanations(stored, update)) }
            }
            try await work.explain(try await requests(on: update), on: update)
            if work.settlesAtOnce { try await output.send(.settled(epoch: update.epoch)) }
            try await output.send(.evidence(update))
        }
    }

    /// The latents that the evidence calls for explaining.
    private func requests(on update: EvidenceUpdate) async throws -> [ExplainRequest] {
        var requests: [ExplainRequest] = []
        for case .look(let outlook) in context.tell(.evidence) {
            // What a stop keeps from being looked at comes again at the next start.
            let findings = try await context.compute.run { [context, goesOn = work.goesOnAfterStop] _ in
                context.stop.isRaised && !goesOn
                    ? ExplainOutlook.Findings()
                    : outlook.findings(
                        on: update.view, latents: context.latents, minimumExamples: context.minimumExamples,
                        limit: context.limit)
            }
            for case .explain(let found) in context.tell(.looked(findings)) { requests += found }
        }
        return try await context.compute.run { [context, requests] _ in
            context.priority.sorted(
                requests, latent: \.latent, worth: { context.worth(of: $0, on: update) })
        }
    }
}

extension Explanation {
    /// The explanation with its basis and the explanation it challenges.
    package func founded(on basis: EvidenceBasis?, again: ExplainedAgain?) -> Explanation {
        var explanation = self
        explanation.provenance.basis = basis
        explanation.provenance.again = again
        return explanation
    }
}
