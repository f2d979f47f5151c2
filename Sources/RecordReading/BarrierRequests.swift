import Checkpoints
import Dataflow

/// What asks a node for barriers; each ends without an error when its task is cancelled.
struct BarrierRequests: Sendable {
    let node: String
    let coordinator: CheckpointCoordinator
    let clock: any Clock<Duration>

    /// Tells the epochs for which a barrier is asked of the node.
    func forEachEpoch(_ body: (UInt64) async throws -> Void) async throws {
        guard let requests = coordinator.barrierRequests(for: node) else { return }
        do {
            for try await epoch in requests { try await body(epoch) }
        } catch is CancellationError {
        }
    }

    /// Calls again and again, so that a drained topic is noticed at once and not at the next tick.
    func forEachIdleCheck(_ body: () async throws -> Void) async throws {
        do {
            while true {
                try await clock.sleep(for: .milliseconds(500))
                try await body()
            }
        } catch is CancellationError {
        }
    }
}
