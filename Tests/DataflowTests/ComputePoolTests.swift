import Dataflow
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct ComputePoolTests {
    /// A thread's own value, which says when it goes.
    private final class Worker {
        private let whenGone: @Sendable () -> Void

        init(whenGone: @escaping @Sendable () -> Void) { self.whenGone = whenGone }

        deinit { whenGone() }
    }

    /// How many are at work.
    private final class Activity: Sendable {
        private let counts = Mutex((now: 0, most: 0))

        var most: Int { counts.withLock { $0.most } }

        func during<Value>(_ work: () throws -> Value) rethrows -> Value {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            defer { counts.withLock { $0.now -= 1 } }
            // Long enough for others to come meanwhile, if they may.
            var waste = 0
            for value in 0..<100_000 { waste &+= value }
            precondition(waste > 0)
            return try work()
        }
    }

    /// The results of a pool's, or several pools', work on the numbers below `count`.
    private func squares(below count: Int, on pools: [ComputePool<Void>], _ activity: Activity) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<count {
                group.addTask {
                    let pool = pools[number % pools.count]
                    return (number, try await pool.run { _ in activity.during { number * number } })
                }
            }
            var squares = [Int](repeating: -1, count: count)
            for try await (number, square) in group { squares[number] = square }
            return squares
        }
    }

    @Test func oneThreadDoesItsWorkOneAfterAnotherAndReturnsEachResultToItsCaller() async throws {
        let activity = Activity()
        let pool = ComputePool<Void>(name: "one", threads: 1)
        #expect(try await squares(below: 50, on: [pool], activity) == (0..<50).map { $0 * $0 })
        #expect(activity.most == 1)
    }

    @Test func poolsThatSharePermitsTakeTurns() async throws {
        let activity = Activity()
        let permits = CorePermits(count: 1)
        let pools = ["left", "right"].map { ComputePool<Void>(name: $0, threads: 3, permits: permits) }
        #expect(try await squares(below: 90, on: pools, activity) == (0..<90).map { $0 * $0 })
        #expect(activity.most == 1)
    }

    @Test func thereIsAtLeastOnePermitAndNoMoreThanThereAre() {
        let permits = CorePermits(count: 0)
        #expect(permits.tryAcquire() && !permits.tryAcquire())
        permits.release()
        #expect(permits.tryAcquire())
        // Dispatch ends the process if a permit is out when they go.
        permits.release()
    }

    @Test func workThatFailsFailsItsCallerOnly() async throws {
        let pool = ComputePool<Void>(name: "failing", threads: 1)
        await #expect(throws: Broken.self) { try await pool.run { _ in throw Broken() } }
        #expect(try await pool.run { _ in 7 } == 7)
    }

    @Test func eachThreadMakesOneWorkerAndLetsGoOfItWhenThePoolGoes() async throws {
        let made = Mutex(0)
        let gone = AsyncStream<Void>.makeStream()
        var pool: ComputePool<Worker>? = ComputePool(name: "workers", threads: 3) {
            made.withLock { $0 += 1 }
            return Worker { gone.continuation.yield() }
        }
        for number in 0..<20 { #expect(try await pool?.run { _ in number } == number) }
        pool = nil
        var count = 0
        for await _ in gone.stream {
            count += 1
            if count == 3 { break }
        }
        #expect(made.withLock { $0 } == 3)
    }

    @Test func noThreadsAtAllMeanOne() async throws {
        #expect(try await ComputePool<Void>(name: "none", threads: 0).run { _ in 3 } == 3)
    }

    @Test func aPoolLetsGoOfWhatItsWorkHasCaptured() async throws {
        final class Tracked: Sendable {
            let number = 7
        }
        let pool = ComputePool<Void>(name: "letting-go", threads: 1)
        weak var captured: Tracked?
        do {
            let tracked = Tracked()
            captured = tracked
            #expect(try await pool.run { _ in tracked.number } == 7)
        }
        // After the first, so that its thread is through with that.
        try await pool.run { _ in }
        #expect(captured == nil)
    }
}
