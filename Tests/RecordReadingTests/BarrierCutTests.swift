import Checkpoints
import Corpus
import Dataflow
import Elements
import Observability
import Running
import StateFixtures
import Store
import Synchronization
import Testing

@testable import RecordReading

/// A source, a stage that works only when the test lets it, and the cut after it.
@Suite(.timeLimit(.minutes(5))) struct BarrierCutTests {
    /// A batch as long as a test wants it to be, with the fence after it.
    struct Piece: BringsFences {
        let text: String
        let reached: [Fence]
        var byteCount: Int { 1 }
        var elementCount: Int { text.count }
    }

    /// Makes a piece of each document, after the test has let it.
    struct Slow: Stage {
        let permits: BoundedChannel<Void>

        func run(from input: InputPort<DocumentBatch>, into output: OutputPort<Piece>) async throws {
            for try await flow in input {
                guard case .batch(let batch) = flow else { continue }
                for document in batch.documents {
                    guard try await permits.next() != nil else { return }
                    guard case .text(let text) = document.content else { continue }
                    let fence = document.place?.fence(afterContexts: 1, of: 1)
                    try await output.send(Piece(text: text, reached: fence.map { [$0] } ?? []))
                }
                try await output.send(Piece(text: "", reached: batch.reached))
            }
        }
    }

    private let directory: TemporaryDirectory
    private let store: Store
    private let source = ScriptedSource()
    private let coordinator: CheckpointCoordinator
    private let intake = Intake(sources: ["corpus"])
    private let backlog = Backlog(cores: 1, allowance: .seconds(1))
    private let stop = StopSignal()
    private let clock = TickClock()
    private let permits = BoundedChannel<Void>(capacity: .max, weigh: { _ in 1 })

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        coordinator = CheckpointCoordinator(
            sources: ["forward"], terminals: ["evidence"], lastEpoch: 0, store: store,
            disk: ComputePool(name: "disk", threads: 1), deadLetterTargets: [:], afterCommit: { _, _ in })
    }

    /// Takes what comes after the cut, in words.
    private func withFlows(
        untilDrained: Bool = false, _ body: (_ next: () async throws -> String?) async throws -> Void
    ) async throws {
        let reading = SourceStage(
            node: "corpus", source: source,
            decoder: RecordDecoder(format: .text, node: "corpus", maximumBytes: 100), coordinator: coordinator,
            intake: intake, progress: RunProgress(), stop: stop, endsWhenDrained: untilDrained, fences: [],
            clock: clock,
            now: { Fixture.time }, notice: { _ in })
        let cut = BarrierCut(
            node: "forward", work: Slow(permits: permits), intake: intake, backlog: backlog, coordinator: coordinator,
            stop: stop, endsWhenDrained: untilDrained, clock: clock)
        let timers = StageTimers(node: "test")
        let (documents, input) = (OutputPort<DocumentBatch>(timers: timers), DocumentBatch.port(timers: timers))
        documents.connect(to: input.connect())
        let (output, sink) = (OutputPort<Piece>(timers: timers), InputPort<Piece>(capacity: 64, timers: timers))
        output.connect(to: sink.connect())
        let running = Task { [coordinator] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await coordinator.run(interval: .seconds(10), clock: TickClock()) }
                group.addTask { try await documents.whole { try await reading.run(into: documents) } }
                group.addTask { try await output.whole { try await cut.run(from: input, into: output) } }
                while try await group.next() != nil {}
            }
        }
        var flows = sink.makeAsyncIterator()
        try await body {
            while let flow = try await flows.next() {
                switch flow {
                case .batch(let piece) where piece.text.isEmpty: continue
                case .batch(let piece): return piece.text
                case .barrier(let barrier):
                    // The terminal submits at once.
                    Task { [coordinator] in try await coordinator.submit(terminal: "evidence") }
                    return barrier.isCaughtUp ? "caught up" : "barrier"
                }
            }
            return nil
        }
        running.cancel()
        _ = await running.result
    }

    private func give(_ texts: String...) async throws {
        let records = texts.enumerated().map { Fixture.record(Int64($0.offset), $0.element) }
        try await source.give(records)
    }

    /// Where the checkpoint of an epoch stands, once it is on disk.
    private func fences(afterEpoch epoch: UInt64) async throws -> [Fence] {
        while try store.latestCheckpoint()?.epoch != epoch { await Task.yield() }
        return try #require(try store.latestCheckpoint()).fences
    }

    @Test func aBarrierWaitsForNothingThatHasNotComeThrough() async throws {
        try await withFlows { next in
            try await give("a", "b", "c")
            try await permits.send(())
            #expect(try await next() == "a")
            // `b` is being worked on, `c` waits.
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            let fences = try await fences(afterEpoch: 1)
            #expect(fences.map(\.next) == [1])
            #expect(fences.map { $0.last?.offset } == [0])
            for _ in 1...2 { try await permits.send(()) }
            #expect(try await next() == "b")
            #expect(try await next() == "c")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            #expect(try await self.fences(afterEpoch: 2).map(\.next) == [3])
        }
    }

    @Test func aBarrierGoesAheadOfWhatWaitsForLaterStages() async throws {
        backlog.expect("encode")
        try await withFlows { next in
            try await give("abc", "d", "e")
            for _ in 1...3 { try await permits.send(()) }
            #expect(try await next() == "abc")
            // Nobody has encoded it, so that nothing follows it but barriers.
            for epoch in 1...2 as ClosedRange<UInt64> {
                await coordinator.requestBarrier()
                #expect(try await next() == "barrier")
                #expect(try await fences(afterEpoch: epoch).map(\.next) == [1])
            }
            backlog.worked("encode", tokens: 3, for: .seconds(3))
            // A token takes a second, which may be left.
            #expect(try await next() == "d")
            #expect(try await next() == "e")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            #expect(try await fences(afterEpoch: 3).map(\.next) == [3])
        }
    }

    @Test func askedToStopItDropsWhatWaitsForLaterStages() async throws {
        backlog.expect("encode")
        try await withFlows { next in
            try await give("abc", "d", "e")
            for _ in 1...3 { try await permits.send(()) }
            #expect(try await next() == "abc")
            stop.raise()
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            // Nobody works on anything any more.
            permits.finish()
            #expect(try await next() == nil)
            #expect(try await fences(afterEpoch: 1).map(\.next) == [1])
        }
    }

    @Test func aBarrierBeforeAnythingHasComeThroughLeavesTheFenceWhereItWas() async throws {
        try await withFlows { next in
            try await give("a")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            #expect(try await fences(afterEpoch: 1).isEmpty)
        }
    }

    @Test func aSourceThatEndsGivesALastBarrierAfterAllOfIt() async throws {
        try await give("a", "b")
        source.end()
        try await withFlows(untilDrained: true) { next in
            for _ in 1...2 { try await permits.send(()) }
            #expect(try await next() == "a")
            #expect(try await next() == "b")
            #expect(try await next() == "caught up")
            #expect(try await next() == nil)
            #expect(try await fences(afterEpoch: 1).map(\.next) == [2])
        }
        #expect(source.isClosed)
    }

    @Test func afterASourceThatEndsItGoesOnUntilAStop() async throws {
        try await give("a")
        source.end()
        try await withFlows { next in
            try await permits.send(())
            #expect(try await next() == "a")
            #expect(try await next() == "caught up")
            #expect(try await fences(afterEpoch: 1).map(\.next) == [1])
            await coordinator.requestBarrier()
            #expect(try await next() == "caught up")
            #expect(try await fences(afterEpoch: 2).map(\.next) == [1])
            stop.raise()
            await coordinator.requestBarrier()
            #expect(try await next() == "caught up")
            #expect(try await next() == nil)
        }
    }

    @Test func askedToStopItEndsAtOnceAndDropsWhatHasNotComeThrough() async throws {
        try await withFlows { next in
            try await give("a", "b", "c")
            try await permits.send(())
            #expect(try await next() == "a")
            stop.raise()
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            permits.finish()
            #expect(try await next() == nil)
            #expect(try await fences(afterEpoch: 1).map(\.next) == [1])
        }
        #expect(source.isClosed)
    }

    @Test func aDrainedSourceIsNoticedBetweenTheTicksOnceAllHasComeThrough() async throws {
        try await withFlows(untilDrained: true) { next in
            try await give("a")
            source.catchUp()
            // Nothing has come through, whether it has been read by now or not.
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier")
            try await permits.send(())
            #expect(try await next() == "a")
            try await clock.tick()
            #expect(try await next() == "caught up")
            #expect(try await next() == nil)
        }
    }

    @Test func recordsWithoutADocumentMoveTheFence() async throws {
        try await withFlows { next in
            try await source.give([Fixture.record(0, ""), Fixture.record(1, "")])
            source.catchUp()
            while intake.fences.map(\.next) != [2] { await Task.yield() }
            await coordinator.requestBarrier()
            #expect(try await next() == "caught up")
            #expect(try await fences(afterEpoch: 1).map(\.next) == [2])
            #expect(try store.deadLetters(limit: 10).count == 2)
        }
    }

    @Test func aSourceThatFailsFailsTheCut() async throws {
        try await give("a")
        source.end(throwing: Mishap())
        try await withFlows { next in
            try await permits.send(())
            // Its own error or the cancellation of the run that it ends, whichever comes first; never an end.
            await #expect(throws: (any Error).self) { while try await next() != nil {} }
        }
    }
}
