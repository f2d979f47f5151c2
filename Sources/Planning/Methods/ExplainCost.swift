/// One explanation from examples.
package enum DefaultExplainCost: JobCost {
    package static let variant = "default"

    package static func tokens(_ settings: AskedSettings) -> JobTokens { explanation(settings) }

    /// The share of a prompt that is shown counted is filled up to `prompt_tokens`, as far as there are examples.
    static func explanation(_ settings: AskedSettings, contrasts: Double = 0) -> JobTokens {
        let isCounted = settings.text("prompt") == "counted"
        let examples = settings.count("examples")
        let strengths = settings.text("strengths") == "true" ? 15.0 : 0
        // A clipped passage has at most 18 tokens, a counted token takes some six, a promoted one four.
        let shown =
            isCounted
            ? examples * (18 + PromptSizes.marks) + 6 * settings.count("counted_tokens")
                + 8 * settings.count("promoted_tokens")
            : examples * (settings.window + PromptSizes.marks + strengths)
        let silent = contrasts * ((isCounted ? 18 : settings.window) + PromptSizes.heading)
        let whole = PromptSizes.explaining + shown + silent
        let sent = isCounted ? min(whole, max(settings.room, PromptSizes.explaining)) : whole
        let answer = settings.text("chain_of_thought") == "true" ? PromptSizes.thought : PromptSizes.sentence
        return JobTokens(
            calls: 1, shared: PromptSizes.explaining, own: sent - PromptSizes.explaining,
            answer: min(answer, settings.number("maximum_tokens") ?? answer))
    }
}

/// One explanation from examples and silent windows.
package enum ContrastiveExplainCost: JobCost {
    package static let variant = "contrastive"

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        DefaultExplainCost.explanation(settings, contrasts: settings.count("contrasts"))
    }
}

/// Several explanations, and questions by which the best is found.
package enum BestOfExplainCost: JobCost {
    package static let variant = "best-of"

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        let candidates = settings.count("candidates")
        let rating = VerdictCost.tokens(
            of: 2 * settings.count("fold"), each: settings.window, in: settings,
            asksOneByOne: settings.isInProcess, inOneCall: 5)
        return DefaultExplainCost.explanation(settings).times(candidates) + rating.times(candidates)
    }
}

/// One explanation of each part of a latent.
package enum SeveralExplainCost: JobCost {
    package static let variant = "several"

    /// The parts of a latent; how many there are is not known before, and most latents have one or two.
    private static let parts = 2.0

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        DefaultExplainCost.explanation(settings).times(min(parts, max(1, settings.count("parts"))))
    }
}

/// An explanation from what turning a latent up makes the subject say.
package enum OutputExplainCost: JobCost {
    package static let variant = "output"

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        let lists = 12 * settings.count("changed_tokens") + 8 * settings.count("promoted_tokens")
        let continued = settings.count("continuations") * (12 + 2 * settings.count("continuation"))
        let sent = min(PromptSizes.effects + lists + continued, max(settings.room, PromptSizes.effects))
        var tokens = JobTokens(
            calls: 1, shared: PromptSizes.effects, own: sent - PromptSizes.effects, answer: PromptSizes.sentence)
        // Texts are cut at a place drawn within 32 tokens.
        tokens.subject =
            settings.count("texts") * 16 + 2 * settings.count("continuations") * settings.count("continuation")
        return tokens
    }
}
