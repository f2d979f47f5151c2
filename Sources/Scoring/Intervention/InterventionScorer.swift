public import Dataflow
public import Elements
import Inference

/// How much less surprising a latent's output explanation becomes when the latent is intervened on.
///
/// For an intervention I, its explanation z, prompts x and a scoring model M:
/// S(I, z) = mean over x of [ln p_M(z | x, g_I) − ln p_M(z | x, g)], in nats, where g is what the subject says behind x and g_I what it
/// says under the intervention. Scores are comparable at the same mean KL(clean ‖ intervened) of the next token only.
/// Source: Paulo et al., "Automatically Interpreting Millions of Features in Large Language Models", arXiv 2410.13928, section 4.3 and
/// appendix.
public enum InterventionScorer {
    /// The method's name in scores.
    public static let method = "intervention"
    /// The version of prompts and method; part of every job's name.
    public static let version = "intervention-2"
    /// What an intervention that does nothing gives.
    public static let chance = 0.0

    /// Carries a plan out.
    ///
    /// The strength is tuned on the scoring prompts. Of the explanations drawn, the score is that of one chosen by a draw: the best of them
    /// would be an optimistic figure, and stands as such among the details. Throws `ScoringError`: `modelChanged` where a model is not the
    /// one planned for, `targetNotReached` where no strength has the divergence wanted, `judgeFailed` where no explanation or fewer than
    /// two log-probabilities came.
    public static func run(
        _ plan: InterventionPlan, models: InterventionModels, text: any TokenText, compute: ComputePool<Void>,
        memory: InterventionMemory
    ) async throws(ScoringError) -> Score {
        let run = InterventionRun(plan: plan, models: models, text: text, compute: compute, memory: memory)
        try run.checkModels()
        return try await run.score()
    }
}
