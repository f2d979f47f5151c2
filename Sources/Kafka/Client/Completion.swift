internal import Dispatch
internal import Synchronization

/// A one-time event that tasks can wait for with a deadline.
final class Completion: Sendable {
    private struct State {
        var isFulfilled = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    func fulfil() {
        let waiters = state.withLock { state in
            state.isFulfilled = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Whether the event happened within `limit`.
    func wait(for limit: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter: Int? = state.withLock { state in
                if state.isFulfilled { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let waiter else {
                continuation.resume(returning: true)
                return
            }
            Blocking.queue.asyncAfter(deadline: .now() + .milliseconds(limit.wholeMilliseconds)) {
                self.state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: false)
            }
        }
    }
}
