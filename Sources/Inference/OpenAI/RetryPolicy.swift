/// When and how often a failed request is sent again.
public struct RetryPolicy: Sendable, Hashable {
    /// The most times a request is sent in all.
    public var maximumAttempts = 5
    /// The longest wait before the second attempt; it doubles with each further one.
    public var base: Duration = .milliseconds(500)
    /// The longest wait of all.
    public var cap: Duration = .seconds(30)
    /// The longest wait that a server may ask for; a longer one is cut to it.
    public var retryAfterCap: Duration = .seconds(60)

    /// Makes a policy with the defaults.
    public init() {}

    /// How long to wait after the failure of attempt `attempt` (from 1).
    ///
    /// Full jitter: `random` (from 0 to 1) of the bound `min(cap, base * 2^(attempt - 1))`; if the server asked for a
    /// wait, that wait and `random` of `base`, so that callers do not come back all at once.
    /// Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog (2015).
    public func delay(after attempt: Int, retryAfter: Duration?, random: Double) -> Duration {
        let random = min(max(random, 0), 1)
        if let retryAfter { return min(max(retryAfter, .zero), retryAfterCap) + base * random }
        var bound = min(base, cap)
        var doublings = attempt - 1
        while doublings > 0, bound > .zero, bound < cap {
            bound = min(bound * 2, cap)
            doublings -= 1
        }
        return bound * random
    }
}
