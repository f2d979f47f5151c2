import Dataflow
import StateFixtures
import Synchronization
import Testing

@testable import Stages

@Suite(.timeLimit(.minutes(5))) struct SpreadingTests {
    private let pool = ComputePool<Void>(name: "compute", threads: 3)
    private let timers = StageTimers(node: "spread")

    @Test(arguments: [0, 1, 2, 7, 8, 9, 100], [-1, 0, 1, 3, 8])
    func resultsComeInTheOrderOfTheirElementsHoweverManyThreadsThereAre(count: Int, width: Int) async throws {
        let results = try await pool.spread(Array(0..<count), over: width, timers: timers) { part in
            part.filter { $0 % 3 != 1 }.map { $0 * $0 }
        }
        #expect(results == (0..<count).filter { $0 % 3 != 1 }.map { $0 * $0 })
    }

    @Test func noMoreRunsAreMadeThanThreads() async throws {
        let sizes = try await pool.spread(Array(0..<10), over: 4, timers: timers) { [$0.count] }
        #expect(sizes == [3, 3, 3, 1])
        #expect(timers.reading.busy > .zero)
    }

    @Test func anErrorInOneRunFailsTheWhole() async {
        await #expect(throws: Mishap.self) {
            _ = try await pool.spread(Array(0..<9), over: 3, timers: timers) { part in
                if part.contains(5) { throw Mishap() }
                return part
            }
        }
    }

    @Test(arguments: [(0, 4, []), (4, 4, [4]), (5, 4, [4, 1]), (3, 0, [1, 1, 1]), (2, -7, [1, 1])])
    func chunksAreOfASizeButForTheLast(count: Int, size: Int, expected: [Int]) {
        let chunks = Array(0..<count).chunks(of: size)
        #expect(chunks.map(\.count) == expected && chunks.flatMap(\.self) == Array(0..<count))
    }
}
