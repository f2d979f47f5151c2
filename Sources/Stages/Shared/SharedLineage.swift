import Elements
package import Lineage
import Synchronization

/// The lineage of a topology's explanations, shared by its explain nodes and score nodes.
package final class SharedLineage: Sendable {
    private struct State {
        var lineage = Lineage()
        /// Who waits for a change, by number.
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var tickets: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Uses the lineage; nobody else uses it meanwhile.
    package func with<Value: Sendable>(_ body: (inout Lineage) -> Value) -> Value {
        let (value, woken) = state.withLock { state in
            let changes = state.lineage.changes
            let value = body(&state.lineage)
            guard state.lineage.changes != changes else { return (value, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiting = [:] }
            return (value, Array(state.waiting.values))
        }
        for waiter in woken { waiter.resume() }
        return value
    }

    /// Reports an event at an explain node; returns the actions it is to take.
    package func tell(_ event: ExplainEvent, at node: String) -> [ExplainAction] { with { $0.handle(event, at: node) } }

    /// Reports an event at a score node; returns the actions it is to take.
    package func tell(_ event: ScoreEvent, at node: String) -> [ScoreAction] { with { $0.handle(event, at: node) } }

    /// Whether anybody waits for a change.
    var isWaitedFor: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Waits until a score node that is through with its input has more to do; false once nothing more can come.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    package func hasMore(at node: String) async throws -> Bool {
        while true {
            try Task.checkCancellation()
            switch with({ $0.prospect(of: node) }) {
            case .work: return true
            case .nothing: return false
            case .wait: await change(whileWaiting: node)
            }
        }
    }

    /// Returns once the lineage has changed, or is not as `node` would wait for, or the task is cancelled.
    private func change(whileWaiting node: String) async {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // A cancellation from now on finds the continuation; one before is noticed here.
                    guard !Task.isCancelled, state.lineage.prospect(of: node) == .wait else { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }
}
