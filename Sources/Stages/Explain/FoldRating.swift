package import Elements
package import Explaining
package import Inference
import Scoring

/// Has candidates judged by detection on train windows that were set apart for it.
package struct FoldRating: Sendable {
    package let judge: any LanguageModelClient
    package let tokenDecoder: any TokenDecoder
    package let seed: UInt64

    package func callAsFunction(
        _ explanation: Explanation, _ firing: [Example], _ silent: [PoolWindow]
    ) async throws(ExplainingError) -> CandidateRating {
        var settings = JudgedSettings(
            method: .detection, form: judge.prefersLogProbabilities ? .logProbabilities : .list)
        settings.positives = firing.count
        settings.negatives = silent.count
        settings.rule = .aboveMedian
        settings.resamples = 1
        do {
            let heldOut = HeldOutSet(positives: firing, negatives: silent)
            let subject = PlanSubject(
                node: explanation.node, explanation: explanation, judge: judge, seed: seed, heldOut: heldOut.account)
            let plan = try ScoringPlan(subject: subject, heldOut: heldOut, settings: settings, tokens: tokenDecoder)
            let score = try await JudgedScorer.run(plan, judge: judge, tokenDecoder: tokenDecoder, concurrency: 1).score
            return CandidateRating(
                value: score.headline?.value, tokensIn: score.tokensIn, tokensOut: score.tokensOut)
        } catch {
            guard error.isRetriable else { return CandidateRating(value: nil) }
            throw ExplainingError(.inference, error.description, isRetriable: true)
        }
    }
}
