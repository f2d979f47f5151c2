import Testing

@testable import Running

@Suite struct HangUpTests {
    @Test func aTerminalThatHasClosedEndsTheRun() {
        var hangUp = HangUp(hasTerminal: true, outlivesTerminal: false)
        #expect(hangUp.signalled(hasTerminal: false) == .closedTerminal)
        // The shell sends it too.
        #expect(hangUp.signalled(hasTerminal: false) == .reload)
    }

    @Test func anyOtherOneReadsTheFileAgain() {
        var hangUp = HangUp(hasTerminal: true, outlivesTerminal: false)
        #expect(hangUp.signalled(hasTerminal: true) == .reload)
        #expect(hangUp.signalled(hasTerminal: true) == .reload)
        var service = HangUp(hasTerminal: false, outlivesTerminal: false)
        #expect(service.signalled(hasTerminal: false) == .reload)
    }

    @Test func underNohupATerminalThatClosesMeansNothing() {
        var hangUp = HangUp(hasTerminal: true, outlivesTerminal: true)
        #expect(hangUp.signalled(hasTerminal: true) == .reload)
        #expect(hangUp.signalled(hasTerminal: false) == .none)
        #expect(hangUp.signalled(hasTerminal: false) == .reload)
    }
}
