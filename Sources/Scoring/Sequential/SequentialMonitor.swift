public import Elements
import Statistics

/// Watches the answers to one explanation's questions and says when they are enough.
///
/// The answers are paired in the order in which they come: the first to a positive with the first to a negative, and so on. One
/// that failed takes no part, and its class waits for its next. Whether to stop is decided only at looks, one after each call.
public struct SequentialMonitor: Sendable {
    private let stopping: Stopping
    private let pairs: Int
    private var test: SequentialTest
    /// For what asking all would give.
    private var ofAll: BettingInterval
    /// Answers, right or not, that wait for a partner.
    private var waiting: (positives: [Bool], negatives: [Bool]) = ([], [])
    private var paired: [(positive: Bool, negative: Bool)] = []
    private var looks: [Int] = []
    private var hasStopped = false

    /// Begins to watch; `pairs` is the number of questions of the smaller class.
    public init(_ stopping: Stopping, pairs: Int) {
        self.stopping = stopping
        self.pairs = max(pairs, 0)
        test = SequentialTest(
            threshold: stopping.threshold, indifference: stopping.indifference, error: stopping.error, pairs: pairs)
        ofAll = BettingInterval(population: 2 * max(pairs, 1))
    }

    /// The balanced accuracy from which on an explanation counts as interpretable.
    public var threshold: Double { stopping.threshold }

    /// Takes one answer in.
    public mutating func observe(isPositive: Bool, isRight: Bool) {
        if isPositive { waiting.positives.append(isRight) } else { waiting.negatives.append(isRight) }
        guard let positive = waiting.positives.first, let negative = waiting.negatives.first else { return }
        waiting.positives.removeFirst()
        waiting.negatives.removeFirst()
        paired.append((positive, negative))
        let right = (positive ? 1 : 0) + (negative ? 1 : 0)
        test.observe(right: right)
        if stopping.rule == .interval { ofAll.observe(right: right, of: 2) }
    }

    /// Whether the answers so far are enough; to be asked after each call while there are more.
    public mutating func isEnough() -> Bool {
        guard !hasStopped, !paired.isEmpty else { return hasStopped }
        // Without a further pair there is nothing new to stop at.
        if looks.last != paired.count { looks.append(paired.count) }
        hasStopped =
            switch stopping.rule {
            case .verdict: test.verdict != .undecided
            case .interval: ofAll.halfWidth <= stopping.halfWidth
            }
        return hasStopped
    }

    /// The verdict on what was asked.
    ///
    /// If every pair has been asked, they decide; rule `interval` decides otherwise only if the whole interval lies on one side.
    public var verdict: SequentialVerdict {
        guard !paired.isEmpty else { return .undecided }
        if !hasStopped || paired.count >= pairs {
            let needed = SequentialTest.needed(stopping.threshold, answers: 2 * paired.count)
            return test.right >= needed ? .interpretable : .notInterpretable
        }
        if stopping.rule == .verdict { return test.verdict }
        let limits = ofAll.limits
        if limits.lower >= stopping.threshold { return .interpretable }
        return limits.upper < stopping.threshold ? .notInterpretable : .undecided
    }

    /// Rates with intervals that hold whenever one stopped; `nil` without a pair.
    public var estimates: SequentialEstimates? {
        guard !paired.isEmpty else { return nil }
        let rights = (positives: paired.count { $0.positive }, negatives: paired.count { $0.negative })
        let count = Double(paired.count)
        var rates = (Double(rights.positives) / count, Double(rights.negatives) / count)
        if hasStopped, paired.count < pairs, stopping.rule == .verdict,
            let unbiased = StoppedEstimate(
                positives: rights.positives, negatives: rights.negatives, looks: looks,
                stops: { [test] in test.verdict(pairs: $0, right: $1) != .undecided })
        {
            rates = (unbiased.truePositiveRate, unbiased.trueNegativeRate)
        }
        var (all, both) = (BettingInterval(population: 2 * max(pairs, 1)), BettingInterval(population: nil))
        var (positive, negative) = (both, both)
        for pair in paired {
            positive.observe(right: pair.positive ? 1 : 0, of: 1)
            negative.observe(right: pair.negative ? 1 : 0, of: 1)
            let right = (pair.positive ? 1 : 0) + (pair.negative ? 1 : 0)
            both.observe(right: right, of: 2)
            all.observe(right: right, of: 2)
        }
        func estimate(_ value: Double, _ interval: BettingInterval, _ count: Int) -> Estimate {
            let (lower, upper) = interval.limits
            return Estimate(value: value, lower: min(lower, value), upper: max(upper, value), count: count)
        }
        let balanced = (rates.0 + rates.1) / 2
        return SequentialEstimates(
            balancedAccuracy: estimate(balanced, both, 2 * paired.count),
            truePositiveRate: estimate(rates.0, positive, paired.count),
            trueNegativeRate: estimate(rates.1, negative, paired.count),
            ofAll: estimate(balanced, all, 2 * paired.count))
    }
}

/// Rates estimated from answers that one stopped asking for, with intervals that hold whenever one does.
public struct SequentialEstimates: Sendable, Hashable {
    /// The mean of both rates over all windows there could be, not only those at hand.
    public let balancedAccuracy: Estimate
    /// The true-positive rate over all windows there could be.
    public let truePositiveRate: Estimate
    /// The true-negative rate over all windows there could be.
    public let trueNegativeRate: Estimate
    /// The balanced accuracy that asking every question would have given.
    public let ofAll: Estimate
}
