/// Who has signed in, and how often it may be tried: a state machine that is told what happens and when.
///
/// Bounded in both: of too many sessions the oldest ends, and tries are counted for all clients together, since a table of
/// clients would grow with whoever asks.
struct SignInSessions {
    typealias Instant = ContinuousClock.Instant

    /// What comes of a try.
    enum Outcome: Equatable {
        /// The token was right: the session that begins.
        case begun(session: String)
        /// The token was wrong.
        case wrong
        /// So many have tried that this one is not looked at.
        case tooMany
    }

    /// The sessions that may be open at once.
    static let most = 64
    /// How long a session lasts from its beginning.
    static let age = Duration.seconds(12 * 3600)
    /// The tries that may come at once; each second gives one more.
    static let burst = 10.0

    private var sessions: [(value: String, begun: Instant)] = []
    private var tries = Self.burst
    private var counted: Instant?

    /// Somebody tries to sign in.
    ///
    /// - Parameters:
    ///   - isRight: Whether the token is right; asked only if the try counts.
    ///   - newSession: A value that nobody can guess.
    mutating func tried(at now: Instant, isRight: () -> Bool, newSession: () -> String) -> Outcome {
        if let counted { tries = min(Self.burst, tries + max(0, (now - counted) / .seconds(1))) }
        counted = now
        guard tries >= 1 else { return .tooMany }
        tries -= 1
        guard isRight() else { return .wrong }
        sessions.removeAll { now - $0.begun >= Self.age }
        if sessions.count >= Self.most { sessions.removeFirst(sessions.count - Self.most + 1) }
        let value = newSession()
        sessions.append((value, now))
        return .begun(session: value)
    }

    /// Whether a session is open.
    func isOpen(_ value: String, at now: Instant) -> Bool {
        var isOpen = false
        // Each is looked at, so that the time tells nothing of how much of a value is right.
        for session in sessions where now - session.begun < Self.age {
            if ConstantTime.isEqual(value, session.value) { isOpen = true }
        }
        return isOpen
    }

    /// Somebody signs out.
    mutating func ended(_ value: String) { sessions.removeAll { ConstantTime.isEqual(value, $0.value) } }

    /// The number of sessions that are kept.
    var count: Int { sessions.count }
}
