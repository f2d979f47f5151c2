/// How often, and after which delays, a job that failed is tried again by itself.
///
/// Only what may succeed later is: a job whose request was refused is final. An outage of the endpoint is no failure, see
/// `EndpointGate`.
package struct JobRetryPolicy: Sendable, Hashable {
    /// The most times that a job is tried before it is given up.
    package var tries: Int
    /// The delay before the second try; it doubles with each further one.
    package var base: Duration
    /// The longest delay.
    package static let longestDelay = Duration.seconds(1800)

    /// For a run without end: eight tries within an hour and a half.
    package static let lasting = JobRetryPolicy()
    /// For a run until drained, which somebody waits for: four tries within a minute.
    package static let untilDrained = JobRetryPolicy(tries: 4, base: .seconds(5))

    /// Makes a policy.
    package init(tries: Int = 8, base: Duration = .seconds(30)) {
        self.tries = tries
        self.base = base
    }

    /// The delay after which a job is tried again that has been tried `attempts` times; `nil` if it is given up.
    package func delay(after attempts: Int) -> Duration? {
        guard attempts >= 1, attempts < tries else { return nil }
        var delay = base
        for _ in 1..<attempts where delay < Self.longestDelay { delay = min(delay * 2, Self.longestDelay) }
        return delay
    }
}
