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

    /// Notes requests as done that nothing comes of.
    package func dismiss(_ requests: [RequestID]) async throws {
        guard !requests.isEmpty else { return }
        _ = try await disk.run { [results] _ in
            try results.record(NewResults(fulfilled: FulfilledRequests(requests)), sinks: { _ in [] })
        }
    }
}
