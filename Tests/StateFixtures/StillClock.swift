import Dataflow

/// A clock that stands still: each sleep lasts until its task is cancelled, whoever else sleeps.
package struct StillClock: Clock {
    package let now = ContinuousClock.now
    package var minimumResolution: Duration { .zero }

    package init() {}

    package func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let never = BoundedChannel<Void>(capacity: 1, weigh: { _ in 1 })
        guard try await never.next() != nil else { throw CancellationError() }
    }
}
