/// How fast tokens are worked on, by the latest batches above all: a rate from when the machine was busy is soon forgotten.
package struct RecentRate: Sendable {
    /// What a batch weighs after the next one.
    private static let memory = 0.75

    private var tokens = 0.0
    private var seconds = 0.0

    package init() {}

    /// Tokens a second; `nil` before a batch that took time.
    package var tokensPerSecond: Double? { seconds > 0 ? tokens / seconds : nil }

    /// Seconds a token; `nil` before the first batch.
    package var secondsPerToken: Double? { tokens > 0 ? seconds / tokens : nil }

    /// A batch of some tokens took so many seconds.
    package mutating func add(tokens count: Int, seconds more: Double) {
        tokens = tokens * Self.memory + Double(count)
        seconds = seconds * Self.memory + max(more, 0)
    }
}
