import Testing

@testable import Serving

/// Sessions of browsers as a state machine: how many, how long, how often it may be tried.
@Suite struct SignInSessionsTests {
    private let start = ContinuousClock.now

    private func begin(
        _ sessions: inout SignInSessions, _ value: String, after seconds: Double, isRight: Bool = true
    ) -> SignInSessions.Outcome {
        sessions.tried(at: start + .seconds(seconds), isRight: { isRight }, newSession: { value })
    }

    @Test func aSessionIsOpenUntilItsTimeIsOverOrItIsEnded() {
        var sessions = SignInSessions()
        #expect(begin(&sessions, "one", after: 0) == .begun(session: "one"))
        #expect(begin(&sessions, "two", after: 10) == .begun(session: "two"))
        let end = start + SignInSessions.age
        #expect(sessions.isOpen("one", at: end - .milliseconds(1)))
        #expect(!sessions.isOpen("one", at: end))
        #expect(sessions.isOpen("two", at: end))
        #expect(!sessions.isOpen("on", at: start) && !sessions.isOpen("", at: start))
        sessions.ended("two")
        #expect(!sessions.isOpen("two", at: start + .seconds(20)))
        #expect(sessions.isOpen("one", at: start + .seconds(20)))
    }

    @Test func aWrongTokenBeginsNothing() {
        var sessions = SignInSessions()
        #expect(begin(&sessions, "one", after: 0, isRight: false) == .wrong)
        #expect(sessions.count == 0 && !sessions.isOpen("one", at: start))
    }

    @Test func theOldestEndsWhenThereAreTooMany() {
        var sessions = SignInSessions()
        for number in 0...SignInSessions.most {
            #expect(begin(&sessions, "s\(number)", after: Double(number)) == .begun(session: "s\(number)"))
        }
        let now = start + .seconds(Double(SignInSessions.most))
        #expect(sessions.count == SignInSessions.most)
        #expect(!sessions.isOpen("s0", at: now) && sessions.isOpen("s1", at: now))
    }

    @Test func sessionsWhoseTimeIsOverAreNotKept() {
        var sessions = SignInSessions()
        _ = begin(&sessions, "old", after: 0)
        _ = begin(&sessions, "new", after: SignInSessions.age / .seconds(1))
        #expect(sessions.count == 1)
    }

    /// Whoever may have been right is not told so: a try that is not counted is not looked at.
    @Test func afterSoManyTriesNoneIsLookedAtUntilTimeHasPassed() {
        var sessions = SignInSessions()
        for _ in 0..<Int(SignInSessions.burst) {
            #expect(begin(&sessions, "x", after: 0, isRight: false) == .wrong)
        }
        var wasAsked = false
        let outcome = sessions.tried(
            at: start + .milliseconds(500),
            isRight: {
                wasAsked = true
                return true
            }, newSession: { "x" })
        #expect(outcome == .tooMany && !wasAsked)
        #expect(begin(&sessions, "y", after: 1.5) == .begun(session: "y"))
        #expect(begin(&sessions, "z", after: 1.5) == .tooMany)
        for _ in 0..<Int(SignInSessions.burst) {
            #expect(begin(&sessions, "x", after: 3600, isRight: false) == .wrong)
        }
        #expect(begin(&sessions, "x", after: 3600) == .tooMany)
    }

    @Test(arguments: [
        ("/", "/"), ("/latents?q=a%20b", "/latents?q=a%20b"), ("/l/codes/17", "/l/codes/17"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example/", "/"), ("evil.example", "/"),
        ("", "/"),
        ("/\t/evil.example", "/"), ("/\n/evil.example", "/"), ("/a b", "/"), ("/é", "/"), ("/sign-out", "/"),
        ("/sign-in?next=/sign-in", "/"), ("/" + String(repeating: "a", count: 5000), "/"),
    ]) func oneIsSentToPathsOfThisServerOnly(given: String, taken: String) {
        #expect(ReturnPath.local(given) == taken)
        #expect(ReturnPath.local(nil) == "/")
    }

    @Test(arguments: [
        ("token=a+b%2B%25&next=%2Fl%2Fcodes%2F17", "a b+%", "/l/codes/17"), ("next=%zz%4&token=%C3%A9", "é", "%zz%4"),
        ("token=first&token=second&next", "first", ""), ("token=a=b&&next=%", "a=b", "%"),
    ]) func formsAreReadAsBrowsersSendThem(body: String, token: String, next: String) {
        let fields = FormFields(body.utf8)
        #expect(fields["token"] == token && fields["next"] == next && fields["other"] == nil)
    }
}
