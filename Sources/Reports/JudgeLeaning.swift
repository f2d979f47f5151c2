public import Elements
import Scoring
import Statistics

/// Which way the judge of some scores leans: how often it finds what is there, passes what is not, and says yes at all.
public struct JudgeLeaning: Sendable, Hashable {
    /// The mean true-positive rate over latents.
    public let truePositiveRate: Estimate
    /// The mean true-negative rate over latents.
    public let trueNegativeRate: Estimate
    /// The share of yes among all verdicts, were there as many of both classes.
    public let shareOfYes: Double
    /// Outside these shares of yes a judge tells more of itself than of what it is asked.
    static let unbiased = 0.2...0.8

    /// Whether it says the same to nearly everything.
    public var isBiased: Bool { !Self.unbiased.contains(shareOfYes) }

    /// Sums up the rates of some scores of verdicts by a judge; `nil` for other scores.
    init?(of scores: [Score]) {
        // Others that ask a model have rates of their own, such as those of texts that it wrote.
        guard scores.first.flatMap({ JudgedMethod(rawValue: $0.method) }) != nil else { return nil }
        func mean(_ name: String) -> Estimate? {
            LatentMean.estimate(of: scores.compactMap { $0.details[name] })
        }
        guard let found = mean("true_positive_rate"), let passed = mean("true_negative_rate") else { return nil }
        truePositiveRate = found
        trueNegativeRate = passed
        shareOfYes = (found.value + 1 - passed.value) / 2
    }

    /// The rates in a line under the row of the method.
    var line: String {
        let share = "\(Int((100 * shareOfYes).rounded())) % yes"
        let rates = "true positives \(truePositiveRate.text), true negatives \(trueNegativeRate.text), \(share)"
        return "    judge: \(rates)" + (isBiased ? ": biased, it says nearly the same to everything" : "")
    }
}
