/// The number of tokens that keep a worker busy for about a given time, by the rate of its latest batches.
///
/// Time rather than tokens, since a token of a large model takes a hundred times as long as one of a small model: what is
/// under way is lost when the process is killed.
package struct BatchPace: Sendable {
    /// What a batch weighs after the next one, so that a rate from a busy machine is soon forgotten.
    private static let memory = 0.75

    private let target: Duration
    private let bounds: ClosedRange<Int>
    private var tokens = 0.0
    private var seconds = 0.0

    /// Makes a pace without a measurement: the first batch is as small as the bounds allow.
    package init(target: Duration, bounds: ClosedRange<Int>) {
        self.target = target
        self.bounds = bounds
    }

    /// Tokens of one worker a second; `nil` before the first batch.
    package var rate: Double? { seconds > 0 ? tokens / seconds : nil }

    /// The tokens of the next batch.
    package var batch: Int {
        guard let rate else { return bounds.lowerBound }
        let wanted = (rate * target.seconds).rounded()
        return min(max(Int(min(wanted, Double(bounds.upperBound))), bounds.lowerBound), bounds.upperBound)
    }

    /// A worker has taken this long for a batch.
    package mutating func worked(tokens count: Int, for duration: Duration) {
        guard count > 0, duration > .zero else { return }
        tokens = tokens * Self.memory + Double(count)
        seconds = seconds * Self.memory + duration.seconds
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
