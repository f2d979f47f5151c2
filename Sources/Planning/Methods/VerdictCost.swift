/// Questions about windows that are answered by yes or no.
enum VerdictCost {
    /// The tokens of some questions, each of so many tokens, asked one by one or several in one call.
    static func tokens(
        of questions: Double, each: Double, in settings: AskedSettings, asksOneByOne: Bool, inOneCall: Double
    ) -> JobTokens {
        let one = each + PromptSizes.heading
        guard !asksOneByOne else {
            // The probability of an answer is read, and nothing is written.
            return JobTokens(
                calls: questions, shared: PromptSizes.oneVerdict, own: PromptSizes.explanation + PromptSizes.turn + one,
                answer: 0)
        }
        let size = max(1, min(inOneCall, questions))
        // A list has a digit and a comma for each question.
        return JobTokens(
            calls: (questions / size).rounded(.up), shared: PromptSizes.severalVerdicts,
            own: PromptSizes.explanation + PromptSizes.turn + size * one, answer: 2 * size + 2)
    }

    /// The tokens of a node that asks about both classes, with its tiers, its calibration and its stopping.
    ///
    /// `further` is how many questions a further tier of negatives asks for each example.
    static func tokens(_ settings: AskedSettings, marks: Double, further: Double) -> JobTokens {
        let asksOneByOne =
            switch settings.text("answers") {
            case "probabilities": true
            case "list": false
            default: settings.isInProcess
            }
        let examples = settings.count("examples")
        let stops = settings.text("stopping").map { $0 != "none" } ?? false
        let calibration = asksOneByOne && !stops ? 2 * settings.count("calibration") : 0
        let questions = examples * (2 + further * settings.furtherTiers) + calibration
        return tokens(
            of: questions, each: settings.shown + marks, in: settings, asksOneByOne: asksOneByOne,
            inOneCall: settings.number("per_prompt") ?? 5
        ).times(settings.text("stopping") == "verdict" ? Self.askedUntilVerdict : 1)
    }

    /// The share of the questions that are asked until a verdict: docs/science/cost.md, by simulation.
    static let askedUntilVerdict = 0.4
}

/// Questions about windows by an explanation.
package enum DetectionCost: JobCost {
    package static let variant = "detection"
    package static let keepsVerdicts = true

    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        VerdictCost.tokens(settings, marks: 0, further: 1)
    }
}

/// Questions about marks in windows by an explanation.
package enum FuzzingCost: JobCost {
    package static let variant = "fuzzing"
    package static let keepsVerdicts = true

    // A tier asks about the marks of each of its windows and about those of a positive beside it.
    package static func tokens(_ settings: AskedSettings) -> JobTokens {
        VerdictCost.tokens(settings, marks: PromptSizes.marks, further: 2)
    }
}
