public import Elements
import Foundation
public import Inference

/// Has a model tell the activation of every token of held-out windows from an explanation, all tokens of a window at once.
///
/// Source: S. Bills et al. (2023); Paulo et al., arXiv 2410.13928, section 3 (simulation scoring).
public enum SimulationScorer {
    /// The method's name in scores.
    public static let method = "simulation"

    /// Pearson's correlation between predicted and true activations over the tokens of all windows one after the other.
    ///
    /// 0 is chance. A token for which the judge gives none of the values is failed, and not 0. At most `concurrency`
    /// calls are under way. Throws `ScoringError` where the judge is not the one planned for, cannot read texts, or gave too few
    /// answers (kind `judgeFailed`).
    public static func run(
        _ plan: SimulationPlan, judge: any Judge, text: any TokenText, concurrency: Int
    ) async throws(ScoringError) -> Score {
        try plan.subject.check(judge)
        try plan.subject.checkReading(judge, for: method)
        let values = SimulationPrompt.values(scale: plan.settings.scale)
        let (answers, cost) = await CallCost.asking(plan.asked, concurrency: concurrency) {
            (window, cost) async throws(InferenceError) -> [Double?] in
            let placed = SimulationPrompt.text(
                of: window, explanation: plan.subject.text, scale: plan.settings.scale, tokens: text)
            let answer = try await judge.logProbabilities(of: values, in: placed)
            cost.tokensIn = answer.tokensIn
            cost.tokensOut = answer.tokensOut
            let predicted = answer.values.map { expectation(of: $0, scale: plan.settings.scale) }
            guard predicted.contains(where: { $0 != nil }) else {
                throw InferenceError(.badAnswer, "no number behind any token of a window is among the likeliest")
            }
            return predicted
        }
        try cost.check()
        return SimulationTally(plan: plan, predictions: answers).score(cost: cost)
    }

    /// The mean of the values 0 to `scale`, weighted by their probabilities and put on a scale to 10.
    ///
    /// Values without a probability are left out, and the others' are taken as all there is; `nil` where there is none.
    static func expectation(of logarithms: [Double?], scale: Int) -> Double? {
        let greatest = logarithms.compactMap(\.self).filter { !$0.isNaN }.max() ?? -.infinity
        guard greatest.isFinite, scale > 0 else { return nil }
        var (weight, sum) = (0.0, 0.0)
        for (value, logarithm) in logarithms.enumerated() {
            guard let logarithm, !logarithm.isNaN else { continue }
            let probability = exp(logarithm - greatest)
            weight += probability
            sum += probability * Double(value)
        }
        return 10 / Double(scale) * sum / weight
    }
}
