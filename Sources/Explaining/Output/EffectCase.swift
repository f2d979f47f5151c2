/// A worked case that shows a model the form of a question about what a unit does, and of its answer.
struct EffectCase {
    /// What is told of the unit.
    let question: EffectQuestion
    /// The answer.
    let answer: String

    static let all: [EffectCase] = [
        EffectCase(
            question: EffectQuestion(
                raised: ["\"violin\"", "\"cello\"", "\"orchestra\""],
                rising: [
                    ("\"violin\"", 4.1), ("\"piano\"", 3.6), ("\"trumpet\"", 3.2), ("\"drums\"", 2.9),
                    ("\"flute\"", 2.7),
                ],
                falling: [("\"house\"", -1.8), ("\"car\"", -1.6), ("\"it\"", -1.1)],
                continuations: [
                    continuation("In the end she decided to buy a", "new car and a house", "violin and a piano"),
                    continuation("…the children were", "playing in the garden", "playing the drums and the flute"),
                ]),
            answer: "makes the model name musical instruments"),
        EffectCase(
            question: EffectQuestion(
                rising: [
                    ("\"however\"", 3.3), ("\"but\"", 3.1), ("\"although\"", 2.8), ("\"despite\"", 2.2),
                    ("\"yet\"", 2.1),
                ],
                falling: [("\"and\"", -2.4), ("\"because\"", -1.9), ("\"also\"", -1.2)],
                continuations: [
                    continuation("He liked the house,", "and he bought it", "but he did not buy it"),
                    continuation("…of the study were clear.", "They show that", "However, they do not show"),
                ]),
            answer: "makes the model set a contrast against what was said"),
        EffectCase(
            question: EffectQuestion(
                raised: ["\"]\"", "\"])\""], lowered: ["\",\""],
                rising: [("\"]\"", 5.0), ("\"],\"", 4.4), ("\"])\"", 4.3)],
                falling: [("\",\"", -3.0), ("\"+\"", -1.4)],
                continuations: [
                    continuation("…total = sum(values[i", "+ 1:]) / len(values)", "]) / len(values)"),
                    continuation("…went to the market", "and bought some bread", "] and bought some bread"),
                ]),
            answer: "makes the model close a square bracket"),
    ]

    private static func continuation(
        _ text: String, _ clean: String, _ changed: String
    ) -> EffectQuestion.Continuation {
        EffectQuestion.Continuation(text: text, clean: clean, changed: changed)
    }

    /// The question with the parts that settings ask for.
    func question(_ settings: OutputSettings) -> String {
        var question = question
        if settings.promotedTokens == 0 { (question.raised, question.lowered) = ([], []) }
        if settings.changedTokens == 0 { (question.rising, question.falling) = ([], []) }
        if settings.continuations == 0 { question.continuations = [] }
        return question.text()
    }
}
