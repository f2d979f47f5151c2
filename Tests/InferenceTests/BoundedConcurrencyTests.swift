import Inference
import Synchronization
import Testing

@Suite struct BoundedConcurrencyTests {
    @Test func resultsComeInTheOrderOfTheInputsAndNoMoreThanTheLimitRunAtOnce() async {
        let running = Mutex((now: 0, most: 0))
        let results = await mapConcurrently(Array(0..<50), limit: 3) { number in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<(number % 5) { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return number * number
        }
        #expect(results == (0..<50).map { $0 * $0 })
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func aLimitBelowOneStillWorks() async {
        #expect(await mapConcurrently([1, 2, 3], limit: 0) { $0 + 1 } == [2, 3, 4])
        #expect(await mapConcurrently([Int](), limit: 4) { $0 } == [])
    }
}
