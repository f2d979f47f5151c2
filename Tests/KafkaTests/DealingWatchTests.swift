internal import Synchronization
internal import Testing

@testable internal import Kafka

/// When it is said that a group takes long.
@Suite struct DealingWatchTests {
    private final class Time: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func pass(_ seconds: Int) { instant.withLock { $0 = $0.advanced(by: .seconds(seconds)) } }
    }

    private let time = Time()

    private func makeWatch() -> DealingWatch { DealingWatch(now: { [time] in time.now }) }

    @Test func itIsSaidOnceAfterAMinute() {
        var watch = makeWatch()
        let first = watch.isTime(isWaiting: true)
        time.pass(59)
        let early = watch.isTime(isWaiting: true)
        time.pass(1)
        let due = watch.isTime(isWaiting: true)
        time.pass(600)
        let again = watch.isTime(isWaiting: true)
        #expect([first, early, due, again] == [false, false, true, false])
    }

    @Test func theTimeRunsAnewWheneverPartitionsAreTakenBack() {
        var watch = makeWatch()
        for _ in 0..<2 {
            var said: [Bool] = []
            for (isWaiting, seconds) in [(true, 59), (true, 0), (false, 59), (true, 60), (true, 0), (false, 0)] {
                said.append(watch.isTime(isWaiting: isWaiting))
                time.pass(seconds)
            }
            #expect(said == [false, false, false, false, true, false])
        }
    }
}
