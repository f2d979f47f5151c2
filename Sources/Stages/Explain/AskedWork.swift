import Dataflow
import Elements
import Explaining
import Jobs
import Lineage
import Running
import Store

extension Sequence<ExplainRequest> {
    /// The requests of persons among them, those that came to something and those that came to nothing.
    func requests(
        cameToSomething: (ExplainRequest) -> Bool
    ) -> (fulfilled: [RequestID], empty: [RequestID]) {
        let (some, none) = (filter(cameToSomething), filter { !cameToSomething($0) })
        return (some.compactMap(\.request), none.compactMap(\.request))
    }
}

/// Does what persons ask an explain node for, each request once.
struct AskedWork<Work: ExplainWork>: Sendable {
    let context: ExplainContext
    let work: Work
    let output: OutputPort<ExplanationBatch>
    /// Requests that were taken in this process; those that are not done yet are handed on again and again.
    private let taken = Once<RequestID>()

    init(context: ExplainContext, work: Work, output: OutputPort<ExplanationBatch>) {
        self.context = context
        self.work = work
        self.output = output
    }

    /// Takes requests on the evidence that came last; a stop leaves them to the next start.
    func take(_ requests: [LatentRequest], on update: EvidenceUpdate) async throws {
        guard !context.stop.isRaised else { return }
        let coder = update.view.coder
        let fresh = requests.filter { taken.insert($0.id) }
        // Of another coder that the node has had.
        let unknown = fresh.filter { $0.latent.coder != coder.name || !(0..<coder.latents).contains($0.latent.latent) }
        try await context.jobStore.dismiss(
            unknown.map(\.id), because: "\(context.node) explains latents of another coder now")
        let left = Set(unknown)
        let elsewhere = fresh.filter { !left.contains($0) && context.isElsewhere($0.latent.latent) }
        try await context.jobStore.dismiss(
            elsewhere.map(\.id), because: "another process owns the latent: ask the one whose state has its evidence")
        let others = left.union(elsewhere)
        var explaining: [AskedExplanation] = []
        var scoring: [AskedScore] = []
        for request in fresh where !others.contains(request) {
            switch request.kind {
            case .explain: explaining.append(AskedExplanation(request: request.id, latent: request.latent.latent))
            case .rescore:
                scoring.append(
                    AskedScore(
                        request: request.id, node: request.node, explainedBy: context.node,
                        latent: request.latent.latent))
            case .label: try await label(request, on: update)
            case .pin: try await pin(request)
            case .unpin: try await unpin(request)
            }
        }
        try await explain(explaining, on: update)
        // Score nodes have had the evidence, and score on it.
        if !scoring.isEmpty { try await output.send(.asked(scoring)) }
    }

    private func explain(_ asked: [AskedExplanation], on update: EvidenceUpdate) async throws {
        guard !asked.isEmpty else { return }
        for action in context.tell(.requested(asked)) {
            switch action {
            case .explain(let requests): try await work.explain(requests, on: update)
            case .dismiss(let requests):
                try await context.jobStore.dismiss(
                    requests,
                    because: "the latent is being explained or compared, what stands is pinned, or nothing scores it")
            case .look, .record, .passOn, .pin: break
            }
        }
    }

    private func label(_ request: LatentRequest, on update: EvidenceUpdate) async throws {
        let (node, latent) = (context.node, request.latent.latent)
        let standing = context.lineage.with { $0.incumbent(of: latent, by: node)?.job }
        let made = try await context.compute.run { _ in
            GivenExplainer.written(
                request.text ?? "", of: latent, request: request.id, node: node, update: update
            )?.founded(
                on: EvidenceBasis(of: update.view.evidence(of: latent)),
                again: standing.map { ExplainedAgain(standing: $0, reason: .labelled) })
        }
        try await context.take(made.map { [$0] } ?? [], on: update, into: output, fulfilling: [request.id])
    }

    private func pin(_ request: LatentRequest) async throws {
        guard let job = request.job else {
            return try await context.jobStore.dismiss([request.id], because: "it names no explanation")
        }
        var isDone = false
        for case .pin(let explanation, let choices) in context.tell(.pinned(job, latent: request.latent.latent)) {
            isDone = true
            let pin = Pin(explanation: explanation, node: context.node, latent: request.latent)
            try await context.jobStore.record(
                [], choosing: choices, by: context.node, fulfilling: FulfilledRequests([request.id], pinned: [pin]))
        }
        // It has been replaced since it was asked for.
        if !isDone {
            try await context.jobStore.dismiss([request.id], because: "that explanation does not stand any more")
        }
    }

    private func unpin(_ request: LatentRequest) async throws {
        context.tell(.unpinned(latent: request.latent.latent))
        try await context.jobStore.record(
            [], by: context.node,
            fulfilling: FulfilledRequests([request.id], unpinned: [request.job].compactMap(\.self)))
    }
}
