import Testing

@testable import Dataflow

@Suite struct StageTimersTests {
    @Test func spansAddUpEachInItsOwnTimer() {
        let timers = StageTimers(node: "encode")
        timers.add(.milliseconds(3), to: .busy)
        timers.add(.milliseconds(4), to: .busy)
        timers.add(.milliseconds(20), to: .starved)
        timers.add(.milliseconds(500), to: .blocked)
        timers.count(byteCount: 100)
        timers.count(byteCount: 0)
        #expect(
            timers.reading
                == StageTimers.Reading(
                    busy: .milliseconds(7), starved: .milliseconds(20), blocked: .milliseconds(500), batches: 2,
                    bytes: 100))
        #expect(timers.node == "encode")
    }

    @Test func workThatFailsCountsAsBusyToo() async {
        let timers = StageTimers(node: "encode")
        #expect(throws: Broken.self) { try timers.busy { () throws -> Void in throw Broken() } }
        let once = timers.reading.busy
        #expect(once > .zero)
        await #expect(throws: Broken.self) {
            try await timers.busy { () async throws -> Void in
                await Task.yield()
                throw Broken()
            }
        }
        #expect(timers.reading.busy > once && timers.reading.starved == .zero)
    }

    @Test func barriersAreNotCountedAsBatches() async throws {
        let timers = StageTimers(node: "feed")
        let output = OutputPort<Numbers>(timers: timers)
        #expect(!output.hasReaders)
        try await output.whole {
            try await output.send(Numbers(1, 2))
            try await output.send(.cut(1))
        }
        #expect(timers.reading.batches == 1 && timers.reading.bytes == 16)
    }
}
