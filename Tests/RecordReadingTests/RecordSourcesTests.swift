import Dataflow
import Elements
import Observability
import Running
import StateFixtures
import Synchronization
import Testing

@testable import RecordReading

@Suite(.timeLimit(.minutes(5))) struct RecordSourcesTests {
    /// A source that says what it is told, and takes each telling as done when the test lets it.
    private struct SlowSource: RecordSource {
        let told = BoundedChannel<[Fence]>(capacity: .max, weigh: { _ in 0 })
        let leave = BoundedChannel<Void>(capacity: .max, weigh: { _ in 0 })
        var lag: [SourceLag] { [SourceLag(topic: "texts", partition: 0, records: 4)] }

        func start(after fences: [Fence], until stop: StopSignal) async throws -> [Fence]? { fences }
        var batches: any AsyncSequence<SourceBatch, any Error> & Sendable {
            BoundedChannel<SourceBatch>(capacity: 0, weigh: \.byteCount)
        }
        func isCaughtUp(with next: [PartitionKey: Int64]) async -> Bool { true }
        func checkpointed(_ fences: [Fence]) async {
            try? await told.send(fences)
            _ = try? await leave.next()
        }
        func close() async {}
    }

    @Test func aLaterCheckpointIsNeverOvertakenByAnEarlierOne() async throws {
        let (source, sources) = (SlowSource(), RecordSources())
        sources.set([source])
        sources.checkpointed([Fixture.fence(next: 1)])
        #expect(try await source.told.next() == [Fixture.fence(next: 1)])
        // Both come while the source is still busy with the first: it is told of the latest of each partition.
        sources.checkpointed([Fixture.fence(next: 2), Fixture.fence(partition: 1, next: 7)])
        sources.checkpointed([Fixture.fence(next: 3)])
        try await source.leave.send(())
        #expect(try await source.told.next() == [Fixture.fence(next: 3), Fixture.fence(partition: 1, next: 7)])
        try await source.leave.send(())
    }

    @Test func afterAllHasBeenToldALaterCheckpointIsToldToo() async throws {
        let (source, sources) = (SlowSource(), RecordSources())
        sources.set([source])
        for next in Int64(1)...3 {
            sources.checkpointed([Fixture.fence(next: next)])
            #expect(try await source.told.next() == [Fixture.fence(next: next)])
            try await source.leave.send(())
        }
    }

    @Test func theEndWaitsForWhatIsStillBeingTold() async throws {
        let (source, sources) = (SlowSource(), RecordSources())
        sources.set([source])
        await sources.finish()
        sources.checkpointed([Fixture.fence(next: 1)])
        _ = try await source.told.next()
        sources.checkpointed([Fixture.fence(next: 2)])
        let isOver = Mutex(false)
        let finishing = Task {
            await sources.finish()
            isOver.withLock { $0 = true }
        }
        try await source.leave.send(())
        #expect(try await source.told.next() == [Fixture.fence(next: 2)])
        #expect(!isOver.withLock { $0 })
        try await source.leave.send(())
        await finishing.value
    }

    @Test func theLagIsThatOfAllSources() {
        let sources = RecordSources()
        #expect(sources.lag.isEmpty)
        sources.set([SlowSource(), SlowSource()])
        #expect(sources.lag.map(\.records) == [4, 4])
    }
}
