import Running
import Testing

@Suite struct RunOutcomeTests {
    @Test func jobsThatFailedAreCountedByNode() {
        let outcome = RunOutcome(isStopped: false, failed: ["prose": 1, "detected": 12])
        guard case .failed(let text) = outcome.shortcoming else { return #expect(Bool(false)) }
        #expect(text.hasPrefix("12 jobs of detected, 1 job of prose failed, so that results are missing"))
    }

    @Test func whatTheNextStartDoesByItselfComesBeforeWhatFailed() {
        let outcome = RunOutcome(isStopped: false, failed: ["prose": 1], left: ["detected": 3])
        guard case .unfinished(let text) = outcome.shortcoming else { return #expect(Bool(false)) }
        #expect(text.hasPrefix("3 jobs of detected left, since a server was away"))
    }

    @Test(arguments: [
        RunOutcome(isStopped: false), RunOutcome(isStopped: true, failed: ["x": 1], left: ["x": 1]),
    ])
    func aRunThatHasAllOrWasStoppedHasNothingToAnswerFor(outcome: RunOutcome) {
        #expect(outcome.shortcoming == nil)
    }
}
