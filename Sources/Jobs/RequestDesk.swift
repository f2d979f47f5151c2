package import Store
import Synchronization

/// The explain nodes that run, so that what persons ask for reaches them.
package final class RequestDesk: Sendable {
    private let takers = Mutex<[String: @Sendable ([LatentRequest]) -> Void]>([:])

    package init() {}

    /// Takes in who takes a node's requests; `nil` once nobody does.
    package func set(_ taker: (@Sendable ([LatentRequest]) -> Void)?, of node: String) {
        takers.withLock { $0[node] = taker }
    }

    /// Hands requests to the explain nodes that they are about; those of nodes that do not run wait until they do.
    package func hand(on requests: [LatentRequest]) {
        let takers = takers.withLock { $0 }
        for (node, requests) in Dictionary(grouping: requests, by: \.explainedBy) { takers[node]?(requests) }
    }
}
