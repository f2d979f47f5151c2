import Dashboard
import HTTPTypes
import Hummingbird
import Synchronization

/// Lets browsers in that cannot send a token by themselves: whoever gives it once gets a session, kept in memory.
final class SignIn: Sendable {
    /// The paths at which one signs in and out, which are asked for without a token.
    static let paths: Set<String> = ["/sign-in", "/sign-out"]
    /// What the page to sign in loads: the same of every daemon.
    static let assets = Set(Dashboard.assets.map { "/assets/\($0)" })

    let cookie: SessionCookie
    private let token: String
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sessions = Mutex(SignInSessions())

    /// - Parameters:
    ///   - token: The token that is asked for.
    ///   - topology: The name of the topology.
    init(token: String, topology: String, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.token = token
        self.now = now
        cookie = SessionCookie(topology: topology)
    }

    /// Whether a request brings a session that is open.
    func admits(_ request: Request) -> Bool {
        let values = cookie.values(in: request)
        guard !values.isEmpty else { return false }
        let now = now()
        return sessions.withLock { sessions in values.contains { sessions.isOpen($0, at: now) } }
    }

    /// Somebody gives a token.
    func tried(_ given: String) -> SignInSessions.Outcome {
        let now = now()
        return sessions.withLock { sessions in
            sessions.tried(at: now, isRight: { ConstantTime.isEqual(given, token) }, newSession: Self.newSession)
        }
    }

    /// Ends the sessions that a request brings.
    func end(_ request: Request) {
        let values = cookie.values(in: request)
        sessions.withLock { sessions in for value in values { sessions.ended(value) } }
    }

    /// 256 bits of the system's generator, in hexadecimal digits.
    private static func newSession() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
