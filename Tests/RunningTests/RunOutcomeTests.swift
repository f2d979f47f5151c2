import Running
import Testing

@Suite struct RunOutcomeTests {
    @Test func nodesThatHaveNothingToShowAreNamed() {
        let shortcoming = RunOutcome(isStopped: false, fruitlessNodes: ["detected", "prose"]).shortcoming
        #expect(shortcoming?.hasPrefix("every job of detected, prose failed") == true)
    }

    @Test(arguments: [
        RunOutcome(isStopped: false, fruitlessNodes: []), RunOutcome(isStopped: true, fruitlessNodes: ["x"]),
    ])
    func aRunThatHasAllOrWasStoppedHasNothingToAnswerFor(outcome: RunOutcome) {
        #expect(outcome.shortcoming == nil)
    }
}
