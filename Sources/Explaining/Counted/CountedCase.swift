/// A worked case that shows a model the form of a question with counts, and of its answer.
struct CountedCase {
    /// What is told of the unit.
    let question: CountedQuestion
    /// What is thought on the way, for a model that is asked to think first.
    let reasoning: String
    /// The answer.
    let answer: String

    static let all: [CountedCase] = [
        CountedCase(
            question: CountedQuestion(
                marked: [entry("flag", 9, 7), entry("banner", 5, 9), entry("pennant", 3, 8), entry("colours", 1, 4)],
                passages: [
                    "…harbour master raised the<< flag>> at dawn and waved to…",
                    "above the gate hung a torn<< banner>>, and beside it a smaller<< pennant>>",
                    "⏎She folded the regiment's<< colours>> and put them away…",
                ],
                silent: ["He could not flag down a cab in the rain.", "The sail tore, and they drifted until noon."]),
            reasoning:
                "Tokens: flag, banner, pennant, colours.\nShared: each is a piece of cloth flown or carried as a sign.\nGuess: flags.",
            answer: "flags, banners and other cloths flown as a sign"),
        CountedCase(
            question: CountedQuestion(
                marked: [entry("w", 4, 6), entry("None", 3, 9), entry("self", 3, 8), entry("items", 1, 5)],
                preceding: [entry("return", 10)],
                passages: [
                    "def area(w, h):⏎    return<< w>> * h⏎⏎print(area(2, 3))",
                    "…if not items:⏎        return<< None>>⏎    return<< items>>[0]…",
                    "fn next(&self) -> u32 { return<< self>>.count + 1; }",
                ],
                silent: ["She hopes to return home by the end of May.", "total = w * h⏎    self.items.append(total)"]),
            reasoning:
                "Tokens: w, None, self, items; nothing of their own in common.\nShared: right before each stands return, in programs.\nGuess: what a function gives back.",
            answer: "the first thing after \"return\" in a program"),
        CountedCase(
            question: CountedQuestion(
                marked: [entry("nor", 14, 9), entry("Nor", 4, 8)], others: 2,
                raised: ["\"any\"", "\"even\"", "\"did\""],
                passages: [
                    "He was neither tired<< nor>> hungry, only a little bored.",
                    "…no letter came,<< nor>> any word by telephone…",
                    "<<Nor>> was that the end of it.",
                ],
                silent: ["He was tired and hungry, and a little bored.", "It costs more, but I like it."]),
            reasoning: "Tokens: nor, Nor.\nShared: they are one word.\nGuess: that word.",
            answer: "the word \"nor\""),
    ]

    private static func entry(_ text: String, _ count: Int, _ strength: Int = 0) -> CountedEvidence.Entry {
        CountedEvidence.Entry(text: "\"\(text)\"", count: count, strength: strength)
    }

    /// The question with the parts that settings ask for.
    func question(_ settings: DefaultExplainerSettings) -> String {
        var question = question
        if settings.countedTokens == 0 {
            question.marked = []
            question.preceding = []
        }
        if settings.promotedTokens == 0 { question.raised = [] }
        if settings.contrasts == 0 { question.silent = [] }
        return question.text(showsStrengths: settings.showsStrengths)
    }
}
