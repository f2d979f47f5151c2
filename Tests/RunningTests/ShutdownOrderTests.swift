import Dataflow
import StateFixtures
import Synchronization
import Testing

@testable import Running

@Suite(.timeLimit(.minutes(1))) struct ShutdownOrderTests {
    /// What happened, in order.
    private final class Log: Sendable {
        private let list = Mutex<[String]>([])
        var entries: [String] { list.withLock { $0 } }
        func add(_ entry: String) { list.withLock { $0.append(entry) } }
    }

    private struct Accident: Error {}

    private let log = Log()
    private let troubles = Log()
    private let clock = ManualClock()

    private func run(_ body: (ShutdownOrder) async throws -> Void) async throws {
        try await ShutdownOrder.run(
            clock: clock, onTrouble: { [troubles] in troubles.add("\($0): \($1)") }, body)
    }

    /// Opens something that notes when it is closed, and then fails if asked to.
    private func open(_ name: String, in order: ShutdownOrder, within patience: Duration? = nil, fails: Bool = false) {
        log.add("open \(name)")
        order.close(name, within: patience) { [log] in
            log.add("close \(name)")
            if fails { throw Accident() }
        }
    }

    @Test func whatIsOpenedLaterIsClosedEarlierAndOnce() async throws {
        try await run { order in
            open("http", in: order)
            open("state", in: order)
            open("sinks", in: order)
            log.add("run")
        }
        #expect(
            log.entries == [
                "open http", "open state", "open sinks", "run", "close sinks", "close state", "close http",
            ])
        #expect(troubles.entries.isEmpty)
    }

    @Test func aRunThatFailsClosesWhatItHasOpenedAndThrowsItsError() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order)
                open("state", in: order)
                throw Mishap()
            }
        }
        #expect(log.entries == ["open http", "open state", "close state", "close http"])
    }

    @Test func aStartThatFailsClosesOnlyWhatWasOpened() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order)
                if log.entries.count == 1 { throw Mishap() }
                open("state", in: order)
            }
        }
        #expect(log.entries == ["open http", "close http"])
    }

    @Test(arguments: [nil, Duration.seconds(10)])
    func aStepThatFailsIsToldAndHoldsUpNoOther(patience: Duration?) async throws {
        try await run { order in
            open("http", in: order, within: patience)
            open("state", in: order, within: patience, fails: true)
            open("sinks", in: order, within: patience)
        }
        #expect(log.entries.suffix(3) == ["close sinks", "close state", "close http"])
        #expect(troubles.entries == ["state: could not be closed: Accident()"])
    }

    @Test func theErrorOfTheRunWinsOverThoseOfClosing() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order, fails: true)
                open("state", in: order, fails: true)
                throw Mishap()
            }
        }
        #expect(log.entries.suffix(2) == ["close state", "close http"])
        #expect(troubles.entries.count == 2)
    }

    @Test func aStepThatHangsIsLeftAfterItsPatienceAndTheNextIsClosed() async throws {
        let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
        let running = Task {
            try await run { order in
                open("http", in: order)
                order.close("endpoints", within: .seconds(10)) { _ = try await never.next() }
            }
        }
        await clock.sleepers(1)
        #expect(log.entries == ["open http"])
        clock.advance(by: .seconds(10))
        try await running.value
        #expect(log.entries == ["open http", "close http"])
        #expect(troubles.entries == ["endpoints: not closed after 10 s, and left"])
    }

    @Test func aStepWithoutPatienceIsWaitedFor() async throws {
        let (begun, release) = (
            BoundedChannel<Void>(capacity: 1, weigh: { _ in 1 }), BoundedChannel<Void>(capacity: 1, weigh: { _ in 1 })
        )
        let running = Task {
            try await run { order in
                open("http", in: order)
                order.close("state") { [log] in
                    try await begun.send(())
                    _ = try await release.next()
                    log.add("close state")
                }
            }
        }
        _ = try await begun.next()
        clock.advance(by: .seconds(3600))
        try await release.send(())
        try await running.value
        #expect(log.entries == ["open http", "close state", "close http"])
    }

    @Test func aRunWhoseTaskIsCancelledIsClosedAllTheSame() async throws {
        let never = BoundedChannel<Void>(capacity: 0, weigh: { _ in 0 })
        let running = Task {
            try await run { order in
                open("http", in: order)
                order.close("state", within: .seconds(10)) { [log] in
                    try Task.checkCancellation()
                    log.add("close state")
                }
                _ = try await never.next()
                try Task.checkCancellation()
            }
        }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(log.entries == ["open http", "close state", "close http"])
    }
}
