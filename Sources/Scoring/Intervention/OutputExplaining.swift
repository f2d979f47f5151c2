import Elements
import Inference

/// Asks a model what the effects of an intervention have in common, as often as the settings have it.
struct OutputExplaining: Sendable {
    let explainer: any LanguageModelClient
    let tokenDecoder: any TokenDecoder
    let settings: InterventionSettings
    let seed: UInt64

    /// What a model said about one latent's effects, and what that cost.
    struct Output: Sendable {
        /// The answers that say something, in the order in which they were drawn; at least one.
        let texts: [String]
        /// The place among them of the one that is scored.
        let chosen: Int
        var tokensIn = 0
        var tokensOut = 0

        /// The one that is scored.
        var text: String { texts[chosen] }
    }

    /// What was said; `nil` if there are no effects, or nothing was said about them.
    ///
    /// With `isOne`, no more than the first explanation is asked for. An answer that is of no use is left out if another one is
    /// not; throws if a model cannot be reached.
    func output(
        of effects: [OutputPrompt.Effect], latent: Int, isOne: Bool = false
    ) async throws(ScoringError) -> Output? {
        guard effects.contains(where: { !$0.rising.isEmpty }) else { return nil }
        let samplings = settings.drawing?.samplings(latent: latent, seed: seed) ?? [nil]
        let prompt = OutputPrompt.prompt(for: effects, tokenDecoder: tokenDecoder)
        let results = await mapConcurrently(
            Array(samplings.prefix(isOne ? 1 : samplings.count)), limit: InterventionTrial.concurrency
        ) { sampling in await answer(to: prompt, drawn: sampling) }
        var (texts, tokensIn, tokensOut) = ([String](), 0, 0)
        var useless: InferenceError?
        for result in results {
            switch result {
            case .success(let answer):
                tokensIn += answer.tokensIn
                tokensOut += answer.tokensOut
                if let text = OutputPrompt.parse(answer) { texts.append(text) }
            case .failure(let error):
                guard error.kind == .badAnswer else { throw ScoringError(asking: error) }
                tokensIn += error.tokensIn
                tokensOut += error.tokensOut
                useless = error
            }
        }
        guard !texts.isEmpty else {
            if let useless { throw ScoringError(asking: useless) }
            return nil
        }
        return Output(
            texts: texts, chosen: ExplanationDrawing.choice(from: texts.count, latent: latent, seed: seed),
            tokensIn: tokensIn, tokensOut: tokensOut)
    }

    private func answer(
        to prompt: Prompt, drawn sampling: AnswerSampling?
    ) async -> Result<Completion, InferenceError> {
        do throws(InferenceError) {
            guard let sampling else {
                return .success(try await explainer.complete(prompt, maximumTokens: settings.explanationTokens))
            }
            return .success(
                try await explainer.complete(prompt, maximumTokens: settings.explanationTokens, drawn: sampling))
        } catch {
            return .failure(error)
        }
    }
}
