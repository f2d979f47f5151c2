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
        timers.count(byteCount: 0, elements: 3)
        timers.receive(elements: 5)
        let reading = timers.reading
        #expect(
            reading.busy == .milliseconds(7) && reading.starved == .milliseconds(20)
                && reading.blocked == .milliseconds(500))
        #expect(reading.working == .milliseconds(7) && reading.engaged == .milliseconds(507))
        #expect(reading.batches == 2 && reading.bytes == 100 && reading.sent == 3 && reading.received == 5)
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

    /// What goes on counts as it goes on, or a call of a minute would be seen only after it.
    @Test func whatGoesOnCountsUpToNow() {
        var times = ActivityTimes()
        times.begin(.busy, at: .seconds(1))
        times.begin(.busy, at: .seconds(2))
        times.begin(.blocked, at: .seconds(3))
        var reading = StageTimers.Reading()
        times.fill(&reading, at: .seconds(4))
        #expect(reading.busy == .seconds(5) && reading.blocked == .seconds(1) && reading.starved == .zero)
        #expect(reading.working == .seconds(3) && reading.engaged == .seconds(3))
        times.end(.busy, at: .seconds(5))
        times.end(.busy, at: .seconds(6))
        times.fill(&reading, at: .seconds(10))
        #expect(reading.busy == .seconds(8) && reading.working == .seconds(5) && reading.engaged == .seconds(9))
        times.end(.blocked, at: .seconds(11))
        times.begin(.starved, at: .seconds(11))
        times.fill(&reading, at: .seconds(20))
        #expect(reading.engaged == .seconds(10) && reading.starved == .seconds(9) && reading.blocked == .seconds(8))
    }

    @Test func aQueueTellsWhatWaitsInIt() async throws {
        let timers = StageTimers(node: "feed")
        #expect(timers.queue == nil)
        let input = InputPort<Numbers>(capacity: 100, timers: timers)
        let sender = input.connect()
        try await sender.send(.batch(Numbers(1, 2)))
        try await sender.send(.batch(Numbers(3)))
        #expect(timers.queue == QueueReading(waiting: 2, bytes: 24, capacity: 100))
        _ = input.nextAtHand()
        #expect(timers.queue?.waiting == 1 && timers.reading.received == 1)
        let latest = InputPort<Numbers>(capacity: 1, keepsLatestOnly: true, timers: timers)
        #expect(timers.queue == QueueReading(waiting: 0, bytes: 0, capacity: nil))
        latest.abandon()
    }
}
