package import Elements
import Foundation
import Inference

/// Has a model tell the activation of every token of held-out windows from an explanation, all tokens of a window at once.
///
/// Source: S. Bills et al. (2023); Paulo et al., arXiv 2410.13928, section 3 (simulation scoring).
public enum SimulationScorer: JudgedScoringMethod {
    package static let name = "simulation"
    package static let scale = MethodScale(
        range: -1...1, figure: .other("Pearson's correlation over tokens; chance is 0"), constant: .value(0),
        reason:
            "in closed form: values that know nothing of a window correlate with the truth by 0 on average, and one value for all tokens not at all"
    )
    package static let needs = ModelNeeds.valueProbabilities
    /// That of all tokens at once.
    package static let paperTokens: PaperTokens? = PaperTokens(tokensIn: 104_900, cacheable: 87_500, tokensOut: 5)

    package static func plan(
        _ subject: PlanSubject, on evidence: PlanEvidence, settings: SimulationSettings
    ) throws(ScoringError) -> SimulationPlan {
        try SimulationPlan(
            subject: subject, heldOut: evidence.heldOut, maximum: evidence.maximum, settings: settings)
    }

    /// Pearson's correlation between predicted and true activations over the tokens of all windows one after the other.
    ///
    /// 0 is chance. A token for which the judge gives none of the values is failed, and not 0. At most `tools.concurrency`
    /// calls are under way. Throws `ScoringError` if the judge is not the one planned for, cannot read texts, or gave too few
    /// answers (kind `judgeFailed`).
    package static func run(_ plan: SimulationPlan, with tools: ScoringTools) async throws(ScoringError) -> Score {
        let (judge, tokenDecoder) = (tools.judge, tools.tokenDecoder)
        try plan.subject.check(judge)
        try plan.subject.checkReading(judge, for: name)
        let values = SimulationPrompt.values(scale: plan.settings.scale)
        let given = await GivenAnswers.asking(plan.asked, concurrency: tools.concurrency) {
            (window, cost) async throws(InferenceError) -> [Double?] in
            let placed = SimulationPrompt.text(
                of: window, explanation: plan.subject.text, scale: plan.settings.scale, tokens: tokenDecoder)
            let answer = try await judge.logProbabilities(of: values, in: placed)
            cost = CallCost(answer)
            let predicted = answer.values.map { expectation(of: $0, scale: plan.settings.scale) }
            guard predicted.contains(where: { $0 != nil }) else {
                throw InferenceError(.badAnswer, "no number after any token of a window is among the likeliest")
            }
            return predicted
        }
        try given.check()
        return SimulationTally(plan: plan, predictions: given.answers).score(cost: given.cost)
    }

    /// The mean of the values 0 to `scale`, weighted by their probabilities and put on a scale to 10.
    ///
    /// Values without a probability are left out, and the others' are taken as all there is; `nil` if there is none.
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
