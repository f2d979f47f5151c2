internal import Synchronization
internal import Testing

@testable internal import Kafka

/// A limit that runs from what was heard last.
@Suite struct SilenceLimitTests {
    /// Time that passes by sleeping only.
    private final class Time: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func pass(_ duration: Duration) { instant.withLock { $0 = $0.advanced(by: duration) } }
    }

    @Test(arguments: [0, 1, 5])
    func theLimitRunsFromWhatWasHeardLast(times: Int) async throws {
        let time = Time()
        let start = time.now
        let limit = SilenceLimit(.seconds(60), now: { time.now })
        let sleeps = Mutex(0)
        try await limit.wait { end in
            let count = sleeps.withLock { count in
                count += 1
                return count
            }
            #expect(end <= time.now.advanced(by: .seconds(60)) && end > time.now)
            // Something is heard in the first sleeps, each time 20 s before their ends.
            if count <= times {
                time.pass(.seconds(40))
                limit.heard()
                time.pass(.seconds(20))
            } else {
                time.pass(time.now.duration(to: end))
            }
        }
        let expected = times == 0 ? 60 : 60 * times + 40
        #expect(time.now == start.advanced(by: .seconds(expected)))
    }
}
