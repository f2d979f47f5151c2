import Foundation

/// What a sequential test says of an explanation.
public enum SequentialVerdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// The balanced accuracy reaches the threshold.
    case interpretable
    /// It does not.
    case notInterpretable = "not-interpretable"
    /// Neither is known.
    case undecided
}

/// Whether the balanced accuracy over pairs of one positive and one negative reaches a threshold, asked pair by pair.
///
/// The probability ratio of `threshold + indifference` to `threshold - indifference` over all answers, stopped at
/// `±log((1 - error) / error)`. A pair with true-positive rate `p + d` and true-negative rate `p - d` gives the ratio of two answers
/// of rate `p` but for a factor `1 - (cd)² ≤ 1`, by the inequality of the two means, so the test errs no more often if the classes
/// differ. Pairs are drawn without replacement; the test also ends if the pairs left cannot change what all of them would
/// give, and with the last pair that decides. Inside the zone of indifference the verdict may differ from that of all pairs more often.
/// Sources: A. Wald, "Sequential Analysis" (1947), chapters 3 and 5; for curtailment P. Armitage, "Restricted sequential
/// procedures" (1957).
public struct SequentialTest: Sendable, Hashable {
    private let threshold: Double
    private let total: Int
    private let perRight: Double
    private let perWrong: Double
    private let bound: Double
    /// Pairs observed so far.
    public private(set) var pairs = 0
    /// Right answers among the two of each pair so far.
    public private(set) var right = 0

    /// Makes a test over `pairs` pairs; rates and the error are brought into the range where a ratio exists.
    public init(threshold: Double, indifference: Double, error: Double, pairs: Int) {
        total = max(pairs, 0)
        self.threshold = min(max(threshold, 0), 1)
        let edge = 0.25 / Double(max(total, 1))
        let low = min(max(self.threshold - max(indifference, 0), edge), 1 - 2 * edge)
        let high = max(min(self.threshold + max(indifference, 0), 1 - edge), low + edge)
        perRight = log(high / low)
        perWrong = log((1 - high) / (1 - low))
        let error = min(max(error, 1e-9), 0.49)
        bound = log((1 - error) / error)
    }

    /// Takes the answers to one pair in; `right` of the two are so.
    public mutating func observe(right: Int) {
        pairs += 1
        self.right += min(max(right, 0), 2)
    }

    /// What is known now: `undecided` asks for more pairs, or says that there were none.
    public var verdict: SequentialVerdict { verdict(pairs: pairs, right: right) }

    /// What is known after some pairs with `right` right answers.
    func verdict(pairs: Int, right: Int) -> SequentialVerdict {
        // All answers that are still open, right or wrong, cannot change what all pairs together say.
        let needed = Self.needed(threshold, answers: 2 * total)
        let open = 2 * max(total - pairs, 0)
        if total > 0, right >= needed { return .interpretable }
        if right + open < needed { return .notInterpretable }
        let ratio = Double(right) * perRight + Double(2 * pairs - right) * perWrong
        if ratio >= bound { return .interpretable }
        if ratio <= -bound { return .notInterpretable }
        return .undecided
    }

    /// The least number of right answers whose share reaches a threshold.
    static func needed(_ threshold: Double, answers: Int) -> Int {
        // A share that equals the threshold in decimals must not miss it in binary.
        Int((threshold * Double(answers) - 1e-9).rounded(.up))
    }
}
