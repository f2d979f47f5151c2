public import Elements
public import Inference

/// What came of asking for an explanation.
public struct ExplanationOutcome: Sendable, Hashable {
    /// The explanation, or why there is none.
    public let result: Result<Explanation, ExplainingError>
    /// Tokens sent to the model.
    public let tokensIn: Int
    /// Tokens the model answered with.
    public let tokensOut: Int
    /// How often the model was asked again because it had said a worked case's answer.
    public var copies = 0
}

/// Asks a language model what some marked passages have in common.
public enum DefaultExplainer {
    /// The name in provenance and topology.
    public static let name = "default"
    /// The name in provenance and topology if windows in which the latent is silent are shown too.
    public static let contrastiveName = "contrastive"

    /// The name of either kind.
    static func name(of settings: DefaultExplainerSettings) -> String {
        settings.contrasts > 0 ? contrastiveName : name
    }

    /// Carries out a plan.
    ///
    /// Never throws: a failure is an outcome, and a sentence that could not be read is no explanation.
    public static func run(_ plan: ExplanationPlan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder)
        async
        -> ExplanationOutcome
    {
        guard judge.digest == plan.modelDigest else {
            let error = ExplainingError(
                .modelChanged, "planned for \(plan.model) (\(plan.modelDigest)), but \(judge.name) is at hand")
            return ExplanationOutcome(result: .failure(error), tokensIn: 0, tokensOut: 0)
        }
        let asking = WorkedCaseAsking(
            judge: judge, answers: ExplanationPrompt.answers(of: plan.settings.form),
            maximumTokens: plan.settings.maximumTokens)
        return await asking.outcome {
            ExplanationPrompt.prompt(for: plan, tokenDecoder: tokenDecoder, cases: $0, count: judge.tokens(in:))
        } read: { (answer, prompt) throws(ExplainingError) in
            try explanation(from: answer, to: prompt, plan: plan)
        }
    }

    private static func explanation(
        from answer: Completion, to prompt: Prompt, plan: ExplanationPlan
    ) throws(ExplainingError) -> Explanation {
        let sentence = try ExplanationAnswer.read(answer, after: prompt.answerPrefix)
        let provenance = Provenance(
            explainer: name(of: plan.settings), sampling: "\(plan.settings.sampling)",
            promptVersion: plan.promptVersion,
            model: plan.model, seed: plan.seed, evidenceDigest: plan.evidenceDigest, epoch: plan.epoch,
            shown: (plan.examples + (plan.contrasts ?? [])).map(\.identity))
        return Explanation(
            job: plan.job, node: plan.node, coder: plan.coder, latent: plan.latent, text: sentence, predicate: nil,
            provenance: provenance)
    }
}
