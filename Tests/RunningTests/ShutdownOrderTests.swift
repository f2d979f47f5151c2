import Dataflow
import StateFixtures
import Testing

@testable import Running

@Suite(.timeLimit(.minutes(5))) struct ShutdownOrderTests {
    private struct Accident: Error {}

    private let log = Told()
    private let troubles = Told()
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
            log.lines == [
                "open http", "open state", "open sinks", "run", "close sinks", "close state", "close http",
            ])
        #expect(troubles.lines.isEmpty)
    }

    @Test func aRunThatFailsClosesWhatItHasOpenedAndThrowsItsError() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order)
                open("state", in: order)
                throw Mishap()
            }
        }
        #expect(log.lines == ["open http", "open state", "close state", "close http"])
    }

    @Test func aStartThatFailsClosesOnlyWhatWasOpened() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order)
                if log.lines.count == 1 { throw Mishap() }
                open("state", in: order)
            }
        }
        #expect(log.lines == ["open http", "close http"])
    }

    @Test(arguments: [nil, Duration.seconds(10)])
    func aStepThatFailsIsToldAndHoldsUpNoOther(patience: Duration?) async throws {
        try await run { order in
            open("http", in: order, within: patience)
            open("state", in: order, within: patience, fails: true)
            open("sinks", in: order, within: patience)
        }
        #expect(log.lines.suffix(3) == ["close sinks", "close state", "close http"])
        #expect(troubles.lines == ["state: could not be closed: Accident()"])
    }

    @Test func theErrorOfTheRunWinsOverThoseOfClosing() async throws {
        await #expect(throws: Mishap.self) {
            try await run { order in
                open("http", in: order, fails: true)
                open("state", in: order, fails: true)
                throw Mishap()
            }
        }
        #expect(log.lines.suffix(2) == ["close state", "close http"])
        #expect(troubles.lines.count == 2)
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
        #expect(log.lines == ["open http"])
        clock.advance(by: .seconds(10))
        try await running.value
        #expect(log.lines == ["open http", "close http"])
        #expect(troubles.lines == ["endpoints: not closed after 10 s, and left"])
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
        #expect(log.lines == ["open http", "close state", "close http"])
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
        #expect(log.lines == ["open http", "close state", "close http"])
    }
}
