import Elements
import Examples
import Foundation

/// Which tokens come right before marks, and before which of them that is no accident.
///
/// A token is telling if it comes right before at least three runs of marks and a quarter of them, and if its share there
/// differs from its share among the tokens elsewhere in the same windows by more than chance: the logarithm of the
/// likelihood ratio, doubled, above 15.1, which one token in 10,000 reaches by chance (χ², one degree of freedom).
struct PrecedingTokens {
    private static let fewest = 3
    private static let share = 0.25
    private static let threshold = 15.1

    /// The telling ones, the most frequent first.
    let telling: [CountedEvidence.Entry]

    init(in examples: [PlannedExample], _ tokenDecoder: any TokenDecoder) {
        var before: [String: Int] = [:]
        var elsewhere: [String: Int] = [:]
        for example in examples {
            for place in example.tokens.indices where !tokenDecoder.isSpecial(example.tokens[place]) {
                let isMarked = Self.isMarked(place, in: example)
                let isBefore = !isMarked && Self.isMarked(place + 1, in: example)
                guard !isMarked, let text = TokenText(of: example.tokens[place], tokenDecoder)?.word else { continue }
                if isBefore { before[text, default: 0] += 1 } else { elsewhere[text, default: 0] += 1 }
            }
        }
        let (runs, others) = (before.values.reduce(0, +), elsewhere.values.reduce(0, +))
        telling = before.filter { text, count in
            guard count >= Self.fewest, Double(count) >= Self.share * Double(runs) else { return false }
            let other = elsewhere[text] ?? 0
            return Double(count) * Double(others) > Double(other) * Double(runs)
                && Self.doubledLogRatio(count, of: runs, other, of: others) > Self.threshold
        }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            CountedEvidence.Entry(text: "\"\($0.key)\"", count: $0.value, strength: 0)
        }
    }

    private static func isMarked(_ place: Int, in example: PlannedExample) -> Bool {
        example.marked.indices.contains(place) && example.marked[place]
    }

    /// Twice the logarithm of the ratio of the likelihoods of two shares and of one common share.
    ///
    /// Source: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence" (1993).
    static func doubledLogRatio(_ first: Int, of firsts: Int, _ second: Int, of seconds: Int) -> Double {
        func likelihood(_ count: Int, _ total: Int, _ share: Double) -> Double {
            var sum = 0.0
            if count > 0 { sum += Double(count) * log(share) }
            if total > count { sum += Double(total - count) * log(1 - share) }
            return sum
        }
        guard firsts > 0, seconds > 0 else { return 0 }
        let common = Double(first + second) / Double(firsts + seconds)
        return 2
            * (likelihood(first, firsts, Double(first) / Double(firsts))
                + likelihood(second, seconds, Double(second) / Double(seconds))
                - likelihood(first, firsts, common) - likelihood(second, seconds, common))
    }
}
