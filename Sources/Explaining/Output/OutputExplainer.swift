public import Elements
public import Inference

/// Asks a language model what turning a latent up makes the subject say.
///
/// Source: Gur-Arieh et al., "Enhancing Automated Interpretability with Output-Centric Feature Descriptions", arXiv 2501.08319:
/// VocabProj, what the decoder row promotes, and TokenChange, what adding it to ordinary texts changes.
public enum OutputExplainer {
    /// The name in provenance and topology.
    public static let name = "output"
    /// The version of prompt and method; part of every job's name.
    static let version = "output-1"

    /// Finds what turning a latent up does, as a plan says.
    public typealias Reading = @Sendable (OutputPlan) async throws(ExplainingError) -> OutputEffects

    /// Carries out a plan.
    ///
    /// Never throws: a failure is an outcome. It fails without a question if nothing becomes likelier, neither in texts nor by the
    /// weights.
    public static func run(
        _ plan: OutputPlan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder, effects read: Reading
    ) async -> ExplanationOutcome {
        let effects: OutputEffects
        do throws(ExplainingError) {
            guard judge.digest == plan.modelDigest else {
                throw ExplainingError(
                    .modelChanged, "planned for \(plan.model) (\(plan.modelDigest)), but \(judge.name) is at hand")
            }
            effects = try await read(plan)
            guard !effects.rising.isEmpty || plan.promoted?.raised.isEmpty == false else {
                throw ExplainingError(
                    .nothingFound, "adding \(plan.addend) to latent \(plan.latent) makes no token likelier to come next"
                )
            }
        } catch {
            return ExplanationOutcome(result: .failure(error), tokensIn: 0, tokensOut: 0)
        }
        let asking = WorkedCaseAsking(
            judge: judge, answers: EffectCase.all.map(\.answer), maximumTokens: plan.settings.maximumTokens)
        return await asking.outcome { cases in
            EffectPrompt(of: plan, effects: effects, cases: cases, tokenDecoder: tokenDecoder)
                .fitted { judge.tokens(in: $0) ?? $0.estimatedTokens }
        } read: { (answer, prompt) throws(ExplainingError) in
            try explanation(from: answer, to: prompt, plan: plan)
        }
    }

    private static func explanation(
        from answer: Completion, to prompt: Prompt, plan: OutputPlan
    ) throws(ExplainingError) -> Explanation {
        let sentence = try ExplanationAnswer.read(answer, after: prompt.answerPrefix)
        guard saysSomething(sentence) else {
            throw ExplainingError(.noAnswer, "the answer names nothing that the model says: \(answer.start)")
        }
        return Explanation(
            job: plan.job, node: plan.node, coder: plan.coder, latent: plan.latent, text: sentence, predicate: nil,
            provenance: Provenance(
                explainer: name, sampling: "pool", promptVersion: plan.promptVersion, model: plan.model,
                seed: plan.seed, evidenceDigest: plan.evidenceDigest, epoch: plan.epoch,
                shown: plan.texts.map(\.identity)))
    }

    /// Whether a sentence goes on after what every answer begins with.
    private static func saysSomething(_ sentence: String) -> Bool {
        var rest = sentence[...]
        for start in [EffectPrompt.opening, "say"] where rest.hasPrefix(start) {
            rest = rest.dropFirst(start.count).drop { $0 == " " }
        }
        return rest.contains { !$0.isWhitespace && $0 != "." && $0 != "…" }
    }
}
