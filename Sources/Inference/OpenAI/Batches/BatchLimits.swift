/// When questions are sent as a batch, and how often is looked whether it has ended.
package struct BatchLimits: Sendable, Hashable {
    /// The most questions of a batch; OpenAI takes 50,000.
    package var requests = 10_000
    /// The most bytes of a batch; OpenAI takes 200 MB.
    package var bytes = 100 << 20
    /// The longest time for which questions are collected.
    package var collecting: Duration = .seconds(60)
    /// The wait before it is first looked whether a batch has ended; it grows by a half each time.
    package var firstPoll: Duration = .seconds(15)
    /// The longest wait between two looks.
    package var lastPoll: Duration = .seconds(300)
    /// The most batches that a question is sent in.
    package var rounds = 3
    /// The wait after a server had no room for a batch; it doubles each time, up to an hour.
    package var roomWait: Duration = .seconds(60)

    /// Makes limits with the defaults.
    package init() {}

    /// The wait before look number `looks` (from 0), or after so many failures in a row.
    func poll(_ looks: Int) -> Duration {
        var wait = min(firstPoll, lastPoll)
        for _ in 0..<max(looks, 0) where wait > .zero && wait < lastPoll { wait = min(wait * 1.5, lastPoll) }
        return wait
    }
}
