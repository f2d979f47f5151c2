import Checkpoints
import Corpus
import Dataflow
import Elements
import Observability
import Running
import StateFixtures
import Store
import Testing

@testable import RecordReading

@Suite(.timeLimit(.minutes(5))) struct SourceStageTests {
    private let directory: TemporaryDirectory
    private let store: Store
    private let source = ScriptedSource()
    private let coordinator: CheckpointCoordinator
    private let progress = RunProgress()
    private let stop = StopSignal()
    private let clock = TickClock()
    private let notices = Told()
    /// The times of the documents taken.
    private let times = Told()

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        coordinator = CheckpointCoordinator(
            sources: ["corpus"], terminals: ["evidence"], lastEpoch: 0, store: store,
            disk: ComputePool(name: "disk", threads: 1), deadLetterTargets: [:], afterCommit: { _, _ in })
    }

    /// Takes what the stage gives, a piece of text for each: the documents' texts, `barrier` or `caught up`.
    private func withFlows(
        after fences: [Fence] = [], untilDrained: Bool = false,
        _ body: (_ next: () async throws -> String?) async throws -> Void
    ) async throws {
        let stage = SourceStage(
            node: "corpus", source: source,
            decoder: RecordDecoder(format: .text, node: "corpus", maximumBytes: 100), coordinator: coordinator,
            progress: progress, stop: stop, endsWhenDrained: untilDrained, fences: fences, clock: clock,
            now: { Fixture.time + 3_600_000 }, notice: { [notices] in notices.add($0) })
        let epochs = Task { [coordinator] in
            try await coordinator.run(interval: .seconds(10), clock: TickClock())
        }
        defer { epochs.cancel() }
        let (output, sink) = (
            OutputPort<DocumentBatch>(timers: StageTimers(node: "corpus")),
            DocumentBatch.port(timers: StageTimers(node: "sink"))
        )
        output.connect(to: sink.connect())
        let running = Task { try await output.whole { try await stage.run(into: output) } }
        var flows = sink.makeAsyncIterator()
        try await body {
            let flow = try await flows.next()
            if case .batch(let batch) = flow { for document in batch.documents { times.add("\(document.timestamp)") } }
            return flow.map(Self.text)
        }
        running.cancel()
        _ = await running.result
    }

    private static func text(of flow: Flow<DocumentBatch>) -> String {
        switch flow {
        case .batch(let batch):
            batch.documents.map { document in
                switch document.content {
                case .text(let text): text
                case .tokens: "?"
                }
            }.joined(separator: " ")
        case .barrier(let barrier): barrier.isCaughtUp ? "caught up \(barrier.epoch)" : "barrier \(barrier.epoch)"
        }
    }

    /// Lets the terminal submit, so that the epoch is on disk.
    private func finishEpoch() async throws {
        try await coordinator.submit(terminal: "evidence")
    }

    @Test func documentsAndBarriersComeInTheOrderOfTheSource() async throws {
        let records = [Fixture.record(0, "a"), Fixture.record(1, "b"), Fixture.record(2, "c")]
        try await withFlows { next in
            try await source.give(Array(records[0...1]))
            #expect(try await next() == "a b")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await finishEpoch()
            #expect(try fences(last: records[1], next: 2))
            try await source.give([records[2]])
            #expect(try await next() == "c")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 2")
            try await finishEpoch()
            #expect(try fences(last: records[2], next: 3))
        }
        #expect(progress.reading.records == 3)
        #expect(progress.reading.rejected.isEmpty)
        let texts = PartitionKey(topic: "texts", partition: 0)
        #expect(source.asked == [[texts: 2], [texts: 3]])
    }

    private func fences(last: RawRecord, next: Int64) throws -> Bool {
        let known = Fence.LastRecord(offset: last.position.offset, hash: last.valueHash)
        return try store.latestCheckpoint()?.fences == [Fixture.fence(next: next, last: known)]
    }

    @Test func badRecordsBecomeDeadLettersAndCountAsDone() async throws {
        let tooLarge = Fixture.record(3, String(repeating: "x", count: 101))
        try await withFlows { next in
            try await source.give([Fixture.record(0, "")])
            try await source.give([Fixture.record(1, "a"), Fixture.record(2, ""), tooLarge])
            #expect(try await next() == "a")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await finishEpoch()
        }
        #expect(try fences(last: tooLarge, next: 4))
        let letters = try store.deadLetters(limit: 10).map(\.letter)
        #expect(letters.map(\.position.offset) == [0, 2, 3])
        #expect(letters.map(\.code) == ["empty", "empty", "too-large"])
        #expect(letters.allSatisfy { $0.node == "corpus" })
        #expect(progress.reading.records == 4)
        #expect(progress.reading.rejected == ["empty": 2, "too-large": 1])
    }

    @Test func recordsOfDaysThatHaveNotBegunCountAtTodays() async throws {
        let day: Int64 = 86_400_000
        let (today, midnight) = (Fixture.time + 3_600_000, (Fixture.time / day + 1) * day)
        let written = [Fixture.time, midnight - 1, midnight, 4_102_444_800_000, .max, 0, -1, .min]
        let records = written.enumerated().map { Fixture.record(Int64($0.offset), "a").dated($0.element) }
        try await withFlows { next in
            try await source.give(records)
            try await source.give([Fixture.record(8, "b").dated(midnight + day)])
            _ = try await next()
            _ = try await next()
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await finishEpoch()
        }
        #expect(times.lines == [Fixture.time, midnight - 1, today, today, today, 0, -1, .min, today].map { "\($0)" })
        #expect(progress.reading.ahead == 4 && progress.reading.records == 9)
        // The fence holds the record as it stands in the topic.
        #expect(try fences(last: Fixture.record(8, "b"), next: 9))
        #expect(notices.lines.count == 1)
        let told = try #require(notices.lines.first)
        #expect(told.hasPrefix("texts/0: the record at offset 2 is of 2026-11-24, which has not begun: "))
        #expect(told.contains("count at today's, 2026-11-23;"))
    }

    @Test func recordsBelowTheFenceAreNotPassedOn() async throws {
        let fence = Fixture.fence(next: 5, last: Fence.LastRecord(offset: 4, hash: 17))
        let last = Fixture.record(6, "d")
        try await withFlows(after: [fence]) { next in
            try await source.give([Fixture.record(3, "a"), Fixture.record(4, ""), Fixture.record(5, "c"), last])
            #expect(try await next() == "c d")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await finishEpoch()
        }
        #expect(source.startedBehind == [fence])
        #expect(try fences(last: last, next: 7))
        #expect(try store.deadLetters(limit: 10).isEmpty)
    }

    @Test func positionsBeyondTheRecordsGoIntoTheFence() async throws {
        let last = Fixture.record(0, "a")
        try await withFlows { next in
            try await source.give([last], positions: [PartitionKey(topic: "texts", partition: 0): 3])
            #expect(try await next() == "a")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await finishEpoch()
        }
        #expect(try fences(last: last, next: 3))
    }

    @Test func aSourceThatEndsGivesALastBarrierThatIsCaughtUp() async throws {
        let last = Fixture.record(0, "a")
        try await source.give([last])
        source.end()
        try await withFlows(untilDrained: true) { next in
            #expect(try await next() == "a")
            #expect(try await next() == "caught up 1")
            #expect(try await next() == nil)
            try await finishEpoch()
        }
        #expect(source.isClosed)
        #expect(try fences(last: last, next: 1))
        #expect(notices.lines.isEmpty)
    }

    @Test func aSourceThatEndsIsTakenAsCaughtUpUntilAStop() async throws {
        try await source.give([Fixture.record(0, "a")])
        source.end()
        try await withFlows { next in
            #expect(try await next() == "a")
            for epoch in 1...2 {
                if epoch > 1 { await coordinator.requestBarrier() }
                #expect(try await next() == "caught up \(epoch)")
                try await finishEpoch()
            }
            #expect(!source.isClosed)
            stop.raise()
            await coordinator.requestBarrier()
            #expect(try await next() == "caught up 3")
            #expect(try await next() == nil)
        }
        #expect(source.isClosed)
        #expect(notices.lines.count == 1 && notices.lines[0].hasPrefix("read to its end"))
    }

    @Test func askedToStopItEndsBehindItsNextBarrier() async throws {
        try await withFlows { next in
            try await source.give([Fixture.record(0, "a")])
            #expect(try await next() == "a")
            stop.raise()
            try await source.give([Fixture.record(1, "b")])
            #expect(try await next() == "b")
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            #expect(try await next() == nil)
        }
        #expect(source.isClosed)
    }

    @Test func aDrainedSourceIsNoticedBetweenTheTicks() async throws {
        try await withFlows(untilDrained: true) { next in
            try await source.give([Fixture.record(0, "a")])
            #expect(try await next() == "a")
            source.catchUp()
            try await clock.tick()
            #expect(try await next() == "caught up 1")
            #expect(try await next() == nil)
        }
    }

    @Test func aSourceThatIsCaughtUpGoesOnWhereMoreMayCome() async throws {
        source.catchUp()
        try await withFlows { next in
            await coordinator.requestBarrier()
            #expect(try await next() == "caught up 1")
            try await source.give([Fixture.record(0, "a")])
            #expect(try await next() == "a")
        }
    }

    @Test func whatIsNotYetDrainedDoesNotEndAtABarrier() async throws {
        try await withFlows(untilDrained: true) { next in
            await coordinator.requestBarrier()
            #expect(try await next() == "barrier 1")
            try await source.give([Fixture.record(0, "a")])
            #expect(try await next() == "a")
        }
    }

    @Test func aSourceThatFailsFailsTheStageBehindWhatItGave() async throws {
        try await source.give([Fixture.record(0, "a")])
        source.end(throwing: Mishap())
        try await withFlows { next in
            let given = try await next()
            #expect(given == "a")
            await #expect(throws: Mishap.self) { _ = try await next() }
        }
        #expect(source.isClosed)
    }
}
