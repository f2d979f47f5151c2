import Dataflow
import Testing

@testable import Benchmarks

@Suite struct SecondsTests {
    @Test func byTheCPUClockTheTimeIsTheMeanOverTheThreadsAtWork() async throws {
        let parts: [@Sendable () async throws -> Double] = [{ 3 }, { 5 }, { 4 }]
        #expect(try await Seconds(clock: .cpu).of(threads: 2, parts) == 6)
        // Threads without work are not counted.
        #expect(try await Seconds(clock: .cpu).of(threads: 8, parts) == 4)
    }

    @Test func anErrorOfAJobIsThrown() async {
        let pool = ComputePool<Void>(name: "test", threads: 1)
        let error = BenchmarkError.notMeasurable(what: "a", reason: "b")
        await #expect(throws: error) {
            _ = try await Seconds(clock: .wall).of(threads: 1, on: pool, [{ _ in throw error }])
        }
    }
}
