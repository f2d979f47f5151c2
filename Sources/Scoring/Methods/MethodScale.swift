package import Elements
import Statistics

/// On what scale a method's headline stands, and what answers give that know nothing.
package struct MethodScale: Sendable {
    /// What the headline is.
    package enum Figure: Sendable, Hashable {
        /// The mean of the true-positive and the true-negative rate.
        case balancedAccuracy
        /// The area under the ROC curve.
        case area
        /// Another figure, in words, with its chance.
        case other(String)
    }

    /// What the same answer to everything gives.
    package enum Constant: Sendable, Hashable {
        /// This value.
        case value(Double)
        /// The largest of the means over latents of some details of their scores, each what one answer gives; of scores
        /// without them the mean of the detail `instead`.
        case largestMean(details: [String], instead: String)
    }

    /// The least and the largest value.
    package let range: ClosedRange<Double>
    /// What the headline is.
    package let figure: Figure
    /// What the same answer to everything gives.
    package let constant: Constant
    /// Why it gives that.
    package let reason: String

    /// The balanced accuracy of verdicts; 0.5 is chance.
    package static let balancedAccuracy = MethodScale(
        range: 0...1, figure: .balancedAccuracy, constant: .value(0.5),
        reason: "in closed form: the same answer to everything finds one class whole and misses the other")

    /// The area under the ROC curve of a number by window; 0.5 is chance.
    package static let area = MethodScale(
        range: 0...1, figure: .area, constant: .value(0.5),
        reason: "in closed form: where all windows are alike, half of all pairs count as told apart")

    /// What a headline is, in a sentence.
    package var sentence: String {
        switch figure {
        case .balancedAccuracy:
            "Balanced accuracy: the mean of the share of firing windows that are told as firing and of the share of silent ones "
                + "told as silent."
        case .area:
            "Area under the ROC curve: how often a firing window is rated above a silent one, ties counting half."
        case .other(let note): note.prefix(1).uppercased() + note.dropFirst() + "."
        }
    }

    /// What is to be said of a headline that is another figure than most methods'; `nil` for one that is not.
    package var note: String? {
        if case .other(let note) = figure { note } else { nil }
    }

    /// What the same answer to everything gives in place of some scores; `nil` if it depends on scores that are not there.
    package func constantValue(of scores: [Score]) -> Estimate? {
        switch constant {
        case .value(let value): Estimate(value: value, lower: value, upper: value, count: 0)
        case .largestMean(let details, let instead):
            details.compactMap { Self.mean(of: $0, in: scores) }.max { $0.value < $1.value }
                ?? Self.mean(of: instead, in: scores)
        }
    }

    /// The names of the details of scores that `constantValue` looks at.
    package var constantDetails: [String] {
        if case .largestMean(let details, let instead) = constant { details + [instead] } else { [] }
    }

    private static func mean(of detail: String, in scores: [Score]) -> Estimate? {
        LatentMean.estimate(of: scores.compactMap { $0.details[detail] })
    }
}
