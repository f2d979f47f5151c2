/// Decides what is said of something outside the process that gives trouble: a line when it begins, one a minute with
/// what has changed, one when it is over.
///
/// An outage is told at once. Trouble that may concern only a part, such as one broker of three, is told if it lasts, and
/// ends by not coming again.
///
/// Times are durations since any fixed moment, never falling.
package struct OutageLog: Sendable {
    /// The time between two lines about the same outage, and without trouble after which it is over.
    package static let interval = Duration.seconds(60)
    /// How long trouble is borne that is not an outage.
    package static let grace = Duration.seconds(10)

    private struct Trouble {
        var began: Duration
        var latest: Duration
        /// The time and the reason of the last line; `nil` before the first.
        var told: (time: Duration, reason: String)?
        var isOutage: Bool
        /// The latest reason; of an outage what `failed` was told, since what else fails follows from it.
        var reason: String
        /// Failures since the last line.
        var failures = 0
    }

    private var trouble: Trouble?

    package init() {}

    /// Whether there is an outage.
    package var isOut: Bool { trouble?.isOutage == true }

    /// Nothing answers.
    ///
    /// - Parameter reason: What cannot be done and why, for a person; the same text for the same cause.
    /// - Returns: The line to write, if any.
    package mutating func failed(_ reason: String, at time: Duration) -> String? {
        if !isOut {
            trouble = Trouble(began: time, latest: time, told: nil, isOutage: true, reason: reason)
            return tell(at: time)
        }
        trouble?.reason = reason
        return add(at: time)
    }

    /// Something failed that may concern only a part.
    ///
    /// - Returns: The line to write, if any.
    package mutating func troubled(_ reason: String, at time: Duration) -> String? {
        if let trouble, trouble.isOutage || time - trouble.latest <= Self.interval {
            if !trouble.isOutage { self.trouble?.reason = reason }
            return add(at: time)
        }
        trouble = Trouble(began: time, latest: time, told: nil, isOutage: false, reason: reason)
        return nil
    }

    /// An answer came.
    ///
    /// - Parameter words: What is the case again.
    /// - Returns: The line to write, if any.
    package mutating func answered(_ words: String, at time: Duration) -> String? {
        guard let trouble, trouble.isOutage else { return nil }
        self.trouble = nil
        return "\(words), after \(Self.text(time - trouble.began))"
    }

    private mutating func add(at time: Duration) -> String? {
        trouble?.latest = time
        trouble?.failures += 1
        guard let trouble else { return nil }
        guard let told = trouble.told else {
            return time - trouble.began >= Self.grace ? tell(at: time) : nil
        }
        guard time - told.time >= Self.interval else { return nil }
        let count = "\(trouble.failures) more \(trouble.failures == 1 ? "failure" : "failures")"
        let words = "still failing after \(Self.text(time - trouble.began)): \(count)"
        _ = tell(at: time)
        return trouble.reason == told.reason ? words : "\(words); now: \(trouble.reason)"
    }

    private mutating func tell(at time: Duration) -> String? {
        guard let reason = trouble?.reason else { return nil }
        trouble?.told = (time, reason)
        trouble?.failures = 0
        return reason
    }

    private static func text(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        if hours > 0 { return "\(hours) h \(minutes) min" }
        return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
    }
}
