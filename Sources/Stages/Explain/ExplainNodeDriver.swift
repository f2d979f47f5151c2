package import Dataflow
package import Elements
import Jobs
package import Lineage
import Running
import Store

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

/// Drives an explain node: finds out what evidence calls for, does what persons ask for, and tells the score nodes of explanations
/// and evidence.
package struct ExplainNodeDriver<Work: ExplainWork>: Sendable {
    package let context: ExplainContext
    package let work: Work
    package let output: OutputPort<ExplanationBatch>
    /// The evidence that came last, for explanations that are finished later.
    package var latest = LatestUpdate()

    /// Works until the input ends.
    package func run(from input: InputPort<EvidenceUpdate>) async throws {
        let (news, desk) = AsyncStream.makeStream(
            // Each hand-over holds all that is not done yet.
            of: [LatentRequest].self, bufferingPolicy: .bufferingNewest(1))
        let turns = Turns()
        let asking = AskedWork(context: context, work: work, output: output)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer {
                    context.jobStore.desk.set(nil, of: context.node)
                    desk.finish()
                }
                try await follow(input, asking, turns) { desk.yield($0) }
            }
            group.addTask {
                for await requests in news {
                    try await turns.next {
                        guard let update = latest.update else { return }
                        try await asking.take(requests, on: update)
                    }
                }
            }
            // The first failure ends both.
            while try await group.next() != nil {}
        }
    }

    /// Sees to each update of evidence, and from the first on takes what persons ask for.
    private func follow(
        _ input: InputPort<EvidenceUpdate>, _ asking: AskedWork<Work>, _ turns: Turns,
        handOn: @escaping @Sendable ([LatentRequest]) -> Void
    ) async throws {
        var isFirst = true
        for try await flow in input {
            guard case .batch(let update) = flow, update.isCaughtUp || !context.waitsForDrain,
                work.goesOnAfterStop || !context.stop.isRaised
            else { continue }
            let isStart = isFirst
            try await turns.next { try await take(update, isFirst: isStart) }
            guard isFirst else { continue }
            isFirst = false
            context.jobStore.desk.set(handOn, of: context.node)
            // What was asked for before the start, or while nobody took it.
            let waiting = try await context.jobStore.latentRequests(of: context.node)
            try await turns.next { try await asking.take(waiting, on: update) }
        }
    }

    private func take(_ update: EvidenceUpdate, isFirst: Bool) async throws {
        latest.update = update
        if isFirst {
            let stored = try await work.resume()
            if !stored.isEmpty { try await output.send(.explanations(stored, update)) }
        }
        try await work.explain(try await requests(on: update), on: update)
        if work.settlesAtOnce { try await output.send(.settled(epoch: update.epoch, by: context.node)) }
        try await output.send(.evidence(update, by: context.node))
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
