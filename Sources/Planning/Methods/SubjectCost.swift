/// A latent changed inside the subject, and what follows put into words and measured.
package enum InterventionCost: JobCost {
    package static let variant = "intervention"

    /// The strengths that are tried until one has the divergence asked for.
    private static let strengths = 8.0

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        // One explanation more is asked for of what ablation does.
        explaining(settings).times(settings.count("explanations") + 1)
            + measuring(settings, kinds: 3, explanations: settings.count("explanations") + 1)
    }

    // What another latent's output is called has been paid for by its own score, and nothing is ablated.
    package static func controlTokens(_ settings: AskedSettings) -> JobTokens {
        measuring(settings, kinds: 2, explanations: settings.count("explanations"))
    }

    private static func explaining(_ settings: AskedSettings) -> JobTokens {
        // A prompt ends where the latent fires first, on average in the middle of a window; its rising tokens stand below it.
        let prompt = settings.window / 2 + 30
        return JobTokens(
            calls: 1, shared: PromptSizes.effects, own: settings.count("prompts_explain") * prompt, answer: 12)
    }

    /// Passages read for each explanation: as the subject goes on by itself, changed, and with the latent taken away.
    private static func measuring(_ settings: AskedSettings, kinds: Double, explanations: Double) -> JobTokens {
        let prompts = settings.count("prompts_score")
        let passage = settings.window / 2 + settings.count("completion")
        var tokens = JobTokens(
            calls: kinds * prompts, shared: PromptSizes.passage, own: passage + 6 * explanations, answer: 0)
        let tuned = strengths * prompts * settings.window / 2
        tokens.subject = tuned + kinds * prompts * passage + 2 * settings.count("prompts_explain") * settings.window / 2
        return tokens
    }
}

/// Texts written for an explanation, and read by the subject.
package enum GenerationCost: JobCost {
    package static let variant = "generation"

    /// The tokens of a text of 8 to 25 words.
    private static let text = 22.0

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        let texts = settings.count("texts")
        // At temperature 0 all texts are asked for in one answer.
        let size = settings.count("temperature") == 0 ? texts : min(texts, max(1, settings.count("per_answer")))
        var tokens = JobTokens(
            calls: size > 0 ? (texts / size).rounded(.up) : 0, shared: PromptSizes.writing,
            own: PromptSizes.explanation + PromptSizes.turn, answer: size * text)
        tokens.subject = texts * min(text, settings.count("tokens"))
        return tokens
    }
}
