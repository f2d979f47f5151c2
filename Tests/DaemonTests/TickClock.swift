import Dataflow

/// A clock in which each sleep lasts until the test gives it a tick, or until its task is cancelled.
struct TickClock: Clock {
    private let ticks = BoundedChannel<Void>(capacity: .max, weigh: { _ in 0 })
    let now = ContinuousClock.now
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        guard try await ticks.next() != nil else { throw CancellationError() }
    }

    /// Ends one sleep, the next one where nobody sleeps now.
    func tick() async throws { try await ticks.send(()) }
}
