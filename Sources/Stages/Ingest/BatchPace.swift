import Running

/// The number of tokens that keep the workers busy for about a given time, by the rate of their latest batches.
///
/// Time rather than tokens, since a token of a large model takes a hundred times as long as one of a small model: what is
/// under way is lost when the process is killed.
package struct BatchPace: Sendable {
    /// Batches are shared if the longest context takes one worker more than so many times the target: sharing costs some per cent.
    private static let sharing = 2.0
    /// And no longer once it takes less than so many times the target: workers that part or meet wait for each other.
    private static let parting = 1.5

    private let target: Duration
    private let bounds: ClosedRange<Int>
    private let workers: Int
    private var recent = RecentRate()
    private var longest = 0
    /// Whether all workers share one batch at a time, instead of each having its own.
    ///
    /// So it is until there is a measurement, and while the longest context so far would take one of them much longer than
    /// the target: a context is never split.
    package private(set) var isShared: Bool

    /// Makes a pace without a measurement: the first batch is as small as the bounds allow.
    package init(target: Duration, bounds: ClosedRange<Int>, workers: Int) {
        self.target = target
        self.bounds = bounds
        self.workers = max(workers, 1)
        isShared = workers > 1
    }

    /// Tokens of one worker a second; `nil` before the first batch.
    package var rate: Double? { recent.tokensPerSecond }

    /// The tokens of the next batch, for which later stages take `later` seconds of a core a token.
    package func batch(later: Double = 0) -> Int {
        guard let rate else { return bounds.lowerBound }
        let wanted = (target.seconds / (1 / rate + max(later, 0)) * Double(isShared ? workers : 1)).rounded()
        return min(max(Int(min(wanted, Double(bounds.upperBound))), bounds.lowerBound), bounds.upperBound)
    }

    /// A context of this many tokens has come.
    package mutating func met(context count: Int) {
        guard count > longest else { return }
        longest = count
        decide()
    }

    /// A batch has taken this long, each worker's time counted for itself.
    package mutating func worked(tokens count: Int, for duration: Duration) {
        guard count > 0, duration > .zero else { return }
        recent.add(tokens: count, seconds: duration.seconds)
        decide()
    }

    private mutating func decide() {
        guard workers > 1, let rate else { return }
        isShared = Double(longest) > rate * target.seconds * (isShared ? Self.parting : Self.sharing)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
