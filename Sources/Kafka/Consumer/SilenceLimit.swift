internal import Synchronization

/// Waits until nothing was heard for some time.
final class SilenceLimit: Sendable {
    private let limit: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let last: Mutex<ContinuousClock.Instant>

    /// - Parameter limit: How long the silence is.
    init(_ limit: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.limit = limit
        self.now = now
        last = Mutex(now())
    }

    /// Something was heard.
    func heard() {
        let time = now()
        last.withLock { $0 = time }
    }

    /// Returns after the silence has lasted so long.
    ///
    /// - Parameter sleep: Sleeps until a time.
    /// - Throws: What sleeping throws.
    func wait(
        sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
            try await Task.sleep(until: $0, clock: ContinuousClock())
        }
    ) async throws {
        while true {
            let end = last.withLock { $0 }.advanced(by: limit)
            if end <= now() { return }
            try await sleep(end)
        }
    }
}
