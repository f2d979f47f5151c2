import Dataflow

/// A clock in which each sleep lasts until the test gives it a tick, or until its task is cancelled.
package struct TickClock: Clock {
    private let ticks = BoundedChannel<Void>(capacity: .max, weigh: { _ in 0 })
    package let now = ContinuousClock.now
    package var minimumResolution: Duration { .zero }

    package init() {}

    package func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        guard try await ticks.next() != nil else { throw CancellationError() }
    }

    /// Ends one sleep, the next one where nobody sleeps now.
    package func tick() async throws { try await ticks.send(()) }
}
