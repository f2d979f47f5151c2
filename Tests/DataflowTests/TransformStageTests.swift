import Dispatch
import Synchronization
import Testing

@testable import Dataflow

@Suite(.timeLimit(.minutes(5))) struct TransformStageTests {
    private func stage(
        width: Int = 2, grouping: (any Regrouping<Numbers>)? = nil, timers: StageTimers = StageTimers(node: "stage"),
        _ transform: @escaping @Sendable (Numbers) throws -> Numbers?
    ) -> TransformStage<Numbers, Numbers, Void> {
        TransformStage(
            pool: ComputePool<Void>(name: "test", threads: 4), width: width, timers: timers, grouping: grouping
        ) { _, batch in try transform(batch) }
    }

    @Test func resultsAndBarriersKeepTheirOrderWhateverTheWorkTakes() async throws {
        let square = stage(width: 4) { batch in
            // Work of very different length, so that later batches are done first.
            var waste = 0
            for value in 0..<(batch.values[0] % 5 * 20_000) { waste &+= value }
            return Numbers(values: batch.values.map { $0 * $0 + (waste == -1 ? 1 : 0) })
        }
        var flows: [Flow<Numbers>] = []
        var expected: [String] = []
        for index in 1...60 {
            flows.append(.numbers(index))
            expected.append("[\(index * index)]")
            if index % 7 == 0 {
                flows.append(.cut(UInt64(index)))
                expected.append("barrier \(index) false")
            }
        }
        #expect(try await words(of: square, given: flows) == expected + ["end"])
    }

    @Test func aResultOfNothingIsLeftOut() async throws {
        let odd = stage { $0.values[0] % 2 == 1 ? $0 : nil }
        #expect(try await words(of: odd, given: (1...4).map { .numbers($0) }) == ["[1]", "[3]", "end"])
    }

    @Test func anErrorInTheWorkReachesTheReaders() async throws {
        let broken = stage { batch in
            if batch.values == [3] { throw Broken() }
            return batch
        }
        await #expect(throws: Broken.self) { try await words(of: broken, given: (1...50).map { .numbers($0) }) }
    }

    @Test func aWorkerThatCannotBeMadeFailsItsJobs() async throws {
        struct Missing: Error {}
        let pool = ComputePool<Int>(name: "test", threads: 1) { throw Missing() }
        await #expect(throws: Missing.self) { try await pool.run { $0 } }
    }

    @Test func aCancelledStageThrowsInsteadOfEnding() async throws {
        let timers = StageTimers(node: "test")
        let (input, output) = (InputPort<Numbers>(capacity: 64, timers: timers), OutputPort<Numbers>(timers: timers))
        _ = input.connect()
        let stage = stage { $0 }
        let running = Task { try await stage.run(from: input, into: output) }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
    }

    private struct Pairs: Regrouping {
        private var held: [Int] = []

        var isEmpty: Bool { held.isEmpty }
        var isFull: Bool { held.count >= 2 }

        mutating func gather(_ batch: Numbers) { held += batch.values }

        mutating func take() -> Numbers? {
            guard !held.isEmpty else { return nil }
            defer { held = Array(held.dropFirst(2)) }
            return Numbers(values: Array(held.prefix(2)))
        }
    }

    @Test func batchesAreRegroupedBeforeTheWorkAndNeverAcrossABarrier() async throws {
        let pairs = stage(grouping: Pairs()) { $0 }
        let flows: [Flow<Numbers>] = [.numbers(1, 2, 3), .cut(1), .numbers(4, 5, 6, 7, 8)]
        #expect(
            try await words(of: pairs, given: flows)
                == ["[1, 2]", "[3]", "barrier 1 false", "[4, 5]", "[6, 7]", "[8]", "end"])
    }

    /// One worker and one place besides: what comes while both are taken is worked on together.
    @Test func whatComesWhileAllWorkIsTakenIsGroupedAndWhatComesAloneIsNotHeldBack() async throws {
        let (begun, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let pairs = stage(width: 1, grouping: Pairs()) { batch in
            begun.signal()
            release.wait()
            return batch
        }
        let timers = StageTimers(node: "test")
        let (input, output) = (InputPort<Numbers>(capacity: 64, timers: timers), OutputPort<Numbers>(timers: timers))
        let sink = InputPort<Numbers>(capacity: 64, timers: timers)
        output.connect(to: sink.connect())
        let connection = input.connect()
        let running = Task { try await output.whole { try await pairs.run(from: input, into: output) } }
        try await connection.send(.numbers(1))
        // The first is begun although it is no pair.
        try await ComputePool<Void>(name: "wait", threads: 1).run { _ in begun.wait() }
        for number in 2...4 { try await connection.send(.numbers(number)) }
        for _ in 1...3 { release.signal() }
        try await connection.finish(nil)
        let received = try await words(sink)
        try await running.value
        // 2 may have been taken before 3 came, and is then joined by none.
        #expect(received == ["[1]", "[2]", "[3, 4]", "end"] || received == ["[1]", "[2, 3]", "[4]", "end"])
    }

    private final class Company: Sendable {
        private let state = Mutex((underWay: 0, begun: 0))

        /// Does work, and tells whether other work was under way at any time meanwhile.
        func hasCompany(_ work: () -> Void) -> Bool {
            let before = state.withLock { state in
                state.underWay += 1
                state.begun += 1
                return state
            }
            work()
            return state.withLock { state in
                state.underWay -= 1
                return before.underWay > 1 || state.begun > before.begun
            }
        }
    }

    @Test(arguments: [1, 3]) func aBatchThatIsToBeAloneHasNothingBesideIt(width: Int) async throws {
        struct Singles: Regrouping {
            var held: [Numbers] = []
            var isEmpty: Bool { held.isEmpty }
            var isFull: Bool { !held.isEmpty }
            mutating func gather(_ batch: Numbers) { held.append(batch) }
            mutating func take() -> Numbers? { held.isEmpty ? nil : held.removeFirst() }
        }
        let company = Company()
        let stage = TransformStage<Numbers, Numbers, Void>(
            pool: ComputePool<Void>(name: "test", threads: 4), width: width, timers: StageTimers(node: "stage"),
            grouping: Singles(), isAlone: { [0, 3, 4].contains($0.values[0] % 7) }
        ) { _, batch, isAlone in
            let hasCompany = company.hasCompany {
                var waste = 0
                for value in 0..<(batch.values[0] % 5 * 20_000) { waste &+= value }
                #expect(waste >= 0)
            }
            return Numbers(values: [batch.values[0], isAlone ? 1 : 0, isAlone && hasCompany ? 1 : 0])
        }
        var flows: [Flow<Numbers>] = []
        var expected: [String] = []
        for index in 1...200 {
            flows.append(.numbers(index))
            expected.append("[\(index), \([0, 3, 4].contains(index % 7) ? 1 : 0), 0]")
            if index % 9 == 0 {
                flows.append(.cut(UInt64(index)))
                expected.append("barrier \(index) false")
            }
        }
        #expect(try await words(of: stage, given: flows) == expected + ["end"])
    }

    @Test func workCountsAsBusy() async throws {
        let timers = StageTimers(node: "stage")
        let work = stage(timers: timers) { batch in
            var waste = 0
            for value in 0..<100_000 { waste &+= value }
            return waste == -1 ? nil : batch
        }
        _ = try await words(of: work, given: [.numbers(1)])
        #expect(timers.reading.busy > .zero)
    }
}
