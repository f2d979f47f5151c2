/// Activations told token by token.
package enum SimulationCost: JobCost {
    package static let variant = "simulation"

    // Each token of a window stands on a line of its own with a tab and a question mark.
    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        JobTokens(
            calls: 2 * settings.count("examples"), shared: PromptSizes.simulation,
            own: PromptSizes.explanation + 3 * settings.window, answer: 0)
    }
}

/// Windows read after an explanation and after none.
package enum SurprisalCost: JobCost {
    package static let variant = "surprisal"

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        JobTokens(
            calls: 4 * settings.count("examples"), shared: PromptSizes.surprisal,
            own: PromptSizes.explanation + settings.window, answer: 0)
    }
}

/// Windows of which one does not belong to the others.
package enum IntruderCost: JobCost {
    package static let variant = "intruder"

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        let asksText = settings.text("answers") == "text" || settings.text("answers") == "auto" && !settings.isInProcess
        let window = settings.window + PromptSizes.marks + PromptSizes.heading
        return JobTokens(
            calls: settings.count("trials"), shared: PromptSizes.intruder,
            own: PromptSizes.turn + settings.count("windows") * window, answer: asksText ? 2 : 0)
    }
}
