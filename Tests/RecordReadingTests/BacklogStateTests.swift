import Testing

@testable import RecordReading

@Suite struct BacklogStateTests {
    /// Two stages, of which one takes a token a second and the other two.
    private func backlog(allowance: Double) -> BacklogState {
        var backlog = BacklogState(allowance: allowance)
        for node in ["a", "b"] { backlog.expect(node) }
        backlog.pass(tokens: 4)
        backlog.worked("a", tokens: 4, for: 4)
        backlog.worked("b", tokens: 4, for: 2)
        return backlog
    }

    @Test func withoutAnyStageThereIsAlwaysRoom() {
        var backlog = BacklogState(allowance: 0)
        backlog.pass(tokens: 1_000_000)
        #expect(backlog.hasRoom && backlog.secondsPerToken == 0)
    }

    @Test func aStageThatHasDoneNothingYetLetsNothingFollow() {
        var backlog = BacklogState(allowance: 100)
        backlog.expect("a")
        #expect(backlog.hasRoom)
        backlog.pass(tokens: 1)
        #expect(!backlog.hasRoom)
        backlog.worked("a", tokens: 1, for: 1)
        #expect(backlog.hasRoom)
    }

    @Test func thereIsRoomWhenWhatIsLeftTakesNoMoreThanTheAllowance() {
        var backlog = backlog(allowance: 3)
        #expect(backlog.secondsPerToken == 1.5)
        backlog.pass(tokens: 2)
        #expect(backlog.hasRoom)
        backlog.pass(tokens: 1)
        #expect(!backlog.hasRoom)
        // Of "a" one token is left, and of "b" three: two seconds and a half.
        backlog.worked("a", tokens: 2, for: 2)
        #expect(backlog.hasRoom)
    }

    @Test func everyStageHasToDoWhatPasses() {
        var backlog = backlog(allowance: 0)
        backlog.pass(tokens: 2)
        backlog.worked("a", tokens: 2, for: 2)
        #expect(!backlog.hasRoom)
        backlog.worked("b", tokens: 2, for: 1)
        #expect(backlog.hasRoom)
    }

    @Test func aRateThatChangesIsFollowed() {
        var backlog = backlog(allowance: 1)
        for _ in 0..<20 { backlog.worked("a", tokens: 1, for: 5) }
        #expect((5.4...5.6).contains(backlog.secondsPerToken))
    }

    @Test func whatIsOfNoStageOrOfNoTokenChangesNothing() {
        var backlog = backlog(allowance: 1)
        backlog.worked("c", tokens: 5, for: 5)
        backlog.worked("a", tokens: 0, for: 5)
        #expect(backlog.secondsPerToken == 1.5)
    }
}
