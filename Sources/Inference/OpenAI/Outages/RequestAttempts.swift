/// Counts the failures of one request, and decides whether it is sent again.
///
/// What an endpoint in an outage says uses up none: a failure by which nobody is there counts only if the endpoint has
/// answered others meanwhile, a server's wish to be left alone for a while never does. What may be the request's own
/// fault always counts, so that one that cannot be answered is given up.
struct RequestAttempts: Sendable {
    private let policy: RetryPolicy
    private var counted = 0
    /// Requests that the endpoint had answered when this one failed last.
    private var answered: UInt64?

    init(_ policy: RetryPolicy) { self.policy = policy }

    /// The time after which the request is sent again; `nil` if it is given up.
    ///
    /// - Parameters:
    ///   - answered: The requests that the endpoint has answered so far; `nil` if nobody counts them, so that each
    ///     failure does.
    ///   - random: A number from 0 to 1, for jitter.
    mutating func delay(after error: InferenceError, answered: UInt64?, random: Double) -> Duration? {
        guard error.isRetriable else { return nil }
        guard let answered else {
            counted += 1
            guard counted < policy.maximumAttempts else { return nil }
            return policy.delay(after: counted, retryAfter: error.retryAfter, random: random)
        }
        defer { self.answered = answered }
        if error.kind == .rateLimited { return .zero }
        if error.isOutage, self.answered.map({ answered == $0 }) ?? true { return .zero }
        counted += 1
        guard counted < policy.maximumAttempts else { return nil }
        return policy.delay(after: counted, retryAfter: nil, random: random)
    }
}
