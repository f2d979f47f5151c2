import Dataflow
import Testing

private struct Numbers: Weighed, Equatable {
    let values: [Int]
    var byteCount: Int { 8 * values.count }
}

private struct Given<Batch: Weighed>: AsyncSequence, Sendable {
    let flows: [Flow<Batch>]
    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<Flow<Batch>>
        mutating func next() async throws -> Flow<Batch>? { rest.popFirst() }
    }
    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: flows[...]) }
}

private func words(_ flows: FlowSequence<Numbers>) async throws -> [String] {
    var words: [String] = []
    for try await flow in flows {
        switch flow {
        case .batch(let batch): words.append("\(batch.values)")
        case .barrier(let barrier): words.append("barrier \(barrier.epoch) \(barrier.isCaughtUp)")
        case .end: words.append("end")
        }
    }
    return words
}

@Suite struct TransformStageTests {
    @Test func resultsAndBarriersKeepTheirOrderWhateverTheWorkTakes() async throws {
        let pool = ComputePool<Void>(name: "test", threads: 4)
        let stage = TransformStage<Numbers, Numbers, Void>(pool: pool, width: 4, timers: StageTimers(node: "square")) {
            _, batch in
            // Work of very different length, so that later batches are done first.
            var waste = 0
            for value in 0..<(batch.values[0] % 5 * 20_000) { waste &+= value }
            return Numbers(values: batch.values.map { $0 * $0 + (waste == -1 ? 1 : 0) })
        }
        var flows: [Flow<Numbers>] = []
        var expected: [String] = []
        for index in 1...60 {
            flows.append(.batch(Numbers(values: [index])))
            expected.append("[\(index * index)]")
            if index % 7 == 0 {
                flows.append(.barrier(Barrier(epoch: UInt64(index), isCaughtUp: false)))
                expected.append("barrier \(index) false")
            }
        }
        flows.append(.end)
        expected.append("end")
        #expect(try await words(stage.results(of: Given(flows: flows))) == expected)
    }

    @Test func anErrorInTheWorkEndsTheSequenceWithIt() async throws {
        struct Broken: Error {}
        let pool = ComputePool<Void>(name: "test", threads: 2)
        let stage = TransformStage<Numbers, Numbers, Void>(pool: pool, width: 2, timers: StageTimers(node: "broken")) {
            _, batch in
            if batch.values == [3] { throw Broken() }
            return batch
        }
        let flows = (1...5).map { Flow.batch(Numbers(values: [$0])) }
        await #expect(throws: Broken.self) { try await words(stage.results(of: Given(flows: flows))) }
    }

    @Test func aWorkerThatCannotBeMadeFailsItsJobs() async throws {
        struct Missing: Error {}
        let pool = ComputePool<Int>(name: "test", threads: 1) { throw Missing() }
        await #expect(throws: Missing.self) { try await pool.run { $0 } }
    }
}

@Suite struct FanTests {
    @Test func barriersOfSeveralUpstreamsAreAligned() async throws {
        let left: [Flow<Numbers>] = [
            .batch(Numbers(values: [1])), .barrier(Barrier(epoch: 1, isCaughtUp: true)),
            .batch(Numbers(values: [2])), .end,
        ]
        let right: [Flow<Numbers>] = [
            .batch(Numbers(values: [10])), .batch(Numbers(values: [11])),
            .barrier(Barrier(epoch: 1, isCaughtUp: false)), .barrier(Barrier(epoch: 2, isCaughtUp: true)), .end,
        ]
        let all = try await words(merged([Given(flows: left), Given(flows: right)], capacity: 64))
        let first = try #require(all.firstIndex(of: "barrier 1 false"))
        let second = try #require(all.firstIndex(of: "barrier 2 true"))
        #expect(Set(all[..<first]) == ["[1]", "[10]", "[11]"])
        #expect(all[first...second].contains("[2]"))
        #expect(all.last == "end")
        #expect(all.filter { $0 == "end" }.count == 1)
    }

    @Test func aFailingUpstreamFailsTheFan() async throws {
        struct Broken: Error {}
        let failing = ProducedSequence<Flow<Numbers>>(capacity: 8, weigh: \.weight) { _ in throw Broken() }
        let waiting: [Flow<Numbers>] = [.barrier(Barrier(epoch: 1, isCaughtUp: true)), .end]
        await #expect(throws: Broken.self) {
            try await words(merged([failing, Given(flows: waiting)], capacity: 8))
        }
    }

    @Test func everyConsumerGetsEveryBatchAndBarrier() async throws {
        let flows: [Flow<Numbers>] = [
            .batch(Numbers(values: [1])), .barrier(Barrier(epoch: 1, isCaughtUp: false)), .end,
        ]
        let channels = (0..<3).map { _ in BoundedChannel<Flow<Numbers>>(capacity: 64, weigh: \.weight) }
        try await pump(Given(flows: flows), into: channels, timers: StageTimers(node: "fan"))
        for channel in channels { #expect(try await words(channel) == ["[1]", "barrier 1 false", "end"]) }
    }
}
