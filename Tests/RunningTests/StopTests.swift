import StateFixtures
import Testing

@testable import Running

@Suite struct StopTests {
    @Test func theFirstSignalStopsAndTheSecondEndsTheProcessAtOnce() {
        var escalation = StopEscalation(patience: .seconds(60))
        #expect(escalation.signalled() == .stop(within: .seconds(60)))
        #expect(escalation.signalled() == .exit(130))
        #expect(escalation.signalled() == .exit(130))
    }

    /// The system and the shell may both tell of a terminal that closes.
    @Test func aClosingTerminalStopsButNeverEndsTheProcessAtOnce() {
        var escalation = StopEscalation(patience: .seconds(60))
        #expect(escalation.signalled(by: .closingTerminal) == .stop(within: .seconds(60)))
        #expect(escalation.signalled(by: .closingTerminal) == .none)
        #expect(escalation.signalled(by: .person) == .exit(130))
        #expect(escalation.signalled(by: .closingTerminal) == .none)
    }

    @Test func aStopThatTakesTooLongEndsTheProcessWithAnotherCode() {
        var escalation = StopEscalation(patience: .seconds(60))
        _ = escalation.signalled()
        #expect(escalation.deadlinePassed() == .exit(75))
    }

    @Test func allThatIsWaitedForAfterAStopFitsIntoTheTimeOfTheProcess() {
        let patience = ShutdownPatience.standard
        #expect(patience.kafkaClient < patience.step)
        #expect(patience.jobs + patience.outboxAfterStop + patience.step * 3 < patience.process)
    }

    @Test func listenersAreCalledOnceAndLateOnesAtOnce() {
        let stop = StopSignal()
        let calls = Told()
        stop.whenRaised { calls.add("early") }
        #expect(!stop.isRaised && calls.lines.isEmpty)
        stop.raise()
        stop.raise()
        stop.whenRaised { calls.add("late") }
        #expect(stop.isRaised && calls.lines == ["early", "late"])
    }
}
