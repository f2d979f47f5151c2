import Dataflow
package import Elements
package import Store

extension JobStore {
    /// What persons have asked for that an explain node is to do or to hand on, and that is not done yet, the oldest first.
    package func latentRequests(of node: String) async throws -> [LatentRequest] {
        try await disk.run { [results] _ in try results.latentRequests().filter { $0.explainedBy == node } }
    }

    /// Has nodes that run do what persons have asked for since the last time; what is not done yet may be handed on again.
    package func takeLatentRequests() async throws {
        let requests = try await disk.run { [results] _ in try results.latentRequests() }
        if !requests.isEmpty { desk.hand(on: requests) }
    }

    /// Notes requests as done that nothing comes of, and warns of each with the reason.
    package func dismiss(_ requests: [RequestID], because reason: String) async throws {
        guard !requests.isEmpty else { return }
        let ids = Set(requests)
        try await disk.run { [self] _ in
            try drop(results.latentRequests().filter { ids.contains($0.id) }, because: reason)
        }
    }

    /// Forgets, with a warning, what was asked of nodes that a topology has no more or that do no such thing any more; blocks.
    package func dropRequests(unlessTakenBy takers: [RequestTaker]) throws {
        let left = try results.latentRequests().filter { request in
            !takers.contains { taker in
                taker.node == request.node && taker.kinds.contains(request.kind)
                    && taker.explainers.contains(request.explainedBy)
            }
        }
        try drop(left, because: "no node of the topology does it any more")
    }

    private func drop(_ requests: [LatentRequest], because reason: String) throws {
        guard !requests.isEmpty else { return }
        _ = try results.record(
            NewResults(fulfilled: FulfilledRequests(requests.map(\.id))), sinks: { _ in [] })
        for request in requests {
            let wish = "\(request.kind.rawValue) of \(request.latent.written) at \(request.node)"
            warning(request.node, "request \(request.id) (\(wish)) came to nothing: \(reason)")
        }
    }
}
