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

    @Test func whatCouldNotBePublishedIsLeftUndone() {
        let outcome = RunOutcome(isStopped: false, failed: ["prose": 1], unpublished: ["letters": 1, "results": 3])
        #expect(
            outcome.shortcoming
                == .unfinished(
                    "1 message of letters, 3 messages of results left in the outbox, since nothing could be published: that is "
                        + "done by the next start"))
        let both = RunOutcome(isStopped: false, left: ["detected": 3], unpublished: ["results": 3])
        guard case .unfinished(let text) = both.shortcoming else { return #expect(Bool(false)) }
        #expect(text.contains("by the next start; 3 messages of results left in the outbox"))
    }

    @Test func whatAStopHasLeftIsCountedAndTheNextStartNamed() {
        #expect(
            RunOutcome(isStopped: true, open: ["prose": 1, "detected": 12]).interruption
                == "12 jobs of detected, 1 job of prose are left: the next start goes on with them")
        #expect(
            RunOutcome(isStopped: true, open: ["prose": 1]).interruption
                == "1 job of prose is left: the next start goes on with it")
        #expect(RunOutcome(isStopped: true).interruption == nil)
    }

    @Test(arguments: [
        RunOutcome(isStopped: false), RunOutcome(isStopped: true, failed: ["x": 1], left: ["x": 1]),
        RunOutcome(isStopped: true, unpublished: ["x": 1]),
    ])
    func aRunThatHasAllOrWasStoppedHasNothingToAnswerFor(outcome: RunOutcome) {
        #expect(outcome.shortcoming == nil)
    }
}
