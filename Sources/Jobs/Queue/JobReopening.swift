package import Store
import Synchronization

/// The queues of the nodes that are doing jobs, so that jobs which were opened again reach them.
package final class JobReopening: Sendable {
    private let queues = Mutex<[String: @Sendable ([PlannedJob]) -> Void]>([:])

    package init() {}

    /// Takes a node's queue in; `nil` once it ends.
    func set(_ queue: (@Sendable ([PlannedJob]) -> Void)?, of node: String) { queues.withLock { $0[node] = queue } }

    /// Hands jobs to the nodes that they are of; those of nodes that take none any more wait for the next start.
    package func hand(on jobs: [PlannedJob]) {
        let queues = queues.withLock { $0 }
        for (node, jobs) in Dictionary(grouping: jobs, by: \.node) { queues[node]?(jobs) }
    }
}
