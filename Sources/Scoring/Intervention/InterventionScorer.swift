package import Dataflow
package import Elements

/// How much less surprising a latent's output explanation becomes when the latent is intervened on.
///
/// For an intervention I, its explanation z, prompts x and a scoring model M:
/// S(I, z) = mean over x of [ln p_M(z | x, g_I) − ln p_M(z | x, g)], in nats, where g is what the subject says after x and g_I what it
/// says under the intervention. Scores are comparable at the same mean KL(clean ‖ intervened) of the next token only.
/// Source: Paulo et al., "Automatically Interpreting Millions of Features in Large Language Models", arXiv 2410.13928, section 4.3 and
/// appendix.
public enum InterventionScorer: JudgedScoringMethod {
    package static let name = "intervention"
    package static let scale = MethodScale(
        // A drop of surprisal has no bound; no short text is surprising by more nats than this.
        range: -1000...1000, figure: .other("the drop of surprisal in nats; chance is 0"), constant: .value(0),
        reason:
            "in closed form: an answer that has nothing to do with what the subject says becomes no less surprising by it"
    )
    package static let topic = ScoringTopic.effects
    package static let needs = ModelNeeds.textProbabilities
    /// The version of prompts and method; part of every job's name.
    public static let version = "intervention-2"

    package static func plan(
        _ subject: PlanSubject, on evidence: InterventionEvidence, settings: InterventionSettings
    ) throws(ScoringError) -> InterventionPlan {
        InterventionPlan(subject: subject, evidence: evidence, settings: settings)
    }

    /// Carries a plan out.
    ///
    /// The strength is tuned on the scoring prompts. Of the explanations drawn, the score is that of one chosen by a draw: the best of them
    /// would be an optimistic figure, and stands as such among the details. Throws `ScoringError`: `modelChanged` if a model is not the
    /// one planned for, `targetNotReached` if no strength has the divergence wanted, `judgeFailed` if no explanation or fewer than
    /// two log-probabilities came.
    package static func run(
        _ plan: InterventionPlan, with tools: InterventionTools
    ) async throws(ScoringError) -> Score {
        let run = InterventionRun(
            plan: plan, models: tools.models, tokenDecoder: tools.tokenDecoder, compute: tools.compute,
            memory: tools.memory)
        try run.checkModels()
        return try await run.score()
    }

    /// Carries a plan out with these models.
    package static func run(
        _ plan: InterventionPlan, models: InterventionModels, tokenDecoder: any TokenDecoder,
        compute: ComputePool<Void>,
        memory: InterventionMemory
    ) async throws(ScoringError) -> Score {
        try await run(
            plan, with: InterventionTools(models: models, tokenDecoder: tokenDecoder, compute: compute, memory: memory))
    }
}

/// The tools that carry out the plans of intervention scoring.
package struct InterventionTools: Sendable {
    /// The models that take part.
    package let models: InterventionModels
    /// The texts of the subject's tokens.
    package let tokenDecoder: any TokenDecoder
    /// Where logits are compared.
    package let compute: ComputePool<Void>
    /// Results already found about latents.
    package let memory: InterventionMemory

    /// Brings tools together.
    package init(
        models: InterventionModels, tokenDecoder: any TokenDecoder, compute: ComputePool<Void>,
        memory: InterventionMemory
    ) {
        self.models = models
        self.tokenDecoder = tokenDecoder
        self.compute = compute
        self.memory = memory
    }
}
