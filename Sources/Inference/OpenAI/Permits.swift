import Synchronization

/// Bounds how much work is under way at a time, over all who share it.
final class Permits: Sendable {
    private struct State {
        var queue: PermitQueue
        var continuations: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(queue: PermitQueue(permits: count)))
    }

    /// Runs work while holding a permit; throws kind `cancelled` if its task is cancelled while it waits for one.
    func withPermit<Output>(
        _ work: () async throws(InferenceError) -> Output
    ) async throws(InferenceError) -> Output {
        let ticket = state.withLock { $0.queue.ticket() }
        guard await admission(of: ticket) else { throw InferenceError(.cancelled, "the work was called off") }
        defer { leave(ticket) }
        return try await work()
    }

    private func admission(of ticket: UInt64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    switch state.queue.arrive(ticket) {
                    case .granted: return true
                    case .withdrawn: return false
                    case .waiting:
                        state.continuations[ticket] = continuation
                        return nil
                    }
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.queue.withdraw(ticket) ? state.continuations.removeValue(forKey: ticket) : nil
            }
            continuation?.resume(returning: false)
        }
    }

    private func leave(_ ticket: UInt64) {
        let continuation = state.withLock { state in
            state.queue.leave(ticket).flatMap { state.continuations.removeValue(forKey: $0) }
        }
        continuation?.resume(returning: true)
    }
}
