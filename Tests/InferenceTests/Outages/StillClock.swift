import Synchronization

/// A clock on which every wait lasts until its task is cancelled, whatever time the test makes it.
final class StillClock: Clock {
    typealias Instant = OpenAITestClock.Instant

    private struct State {
        var now = Instant(offset: .zero)
        var sleeping = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            let due = waiters.filter { $0.count <= sleeping }
            waiters.removeAll { $0.count <= sleeping }
            return due.map(\.continuation)
        }
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func advance(by duration: Duration) { state.withLock { $0.now.offset += duration } }

    /// Returns once so many waits have begun.
    func sleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let waiters = state.withLock { state in
                state.waiters.append((count, continuation))
                return state.takeWaiters()
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let waiters = state.withLock { state in
            state.sleeping += 1
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
        await OpenAISilence().untilCancelled()
        try Task.checkCancellation()
    }
}
