/// A worked case that shows a model the form of question and answer.
struct ExplanationShot: Sendable {
    /// Passages with marks, and the strengths of the marked tokens.
    let passages: [(String, [(String, Int)])]
    /// What is thought on the way, for a model that is asked to think first.
    let reasoning: String
    /// The answer.
    let answer: String

    /// Passages in which the unit stays silent.
    let silent: [String]

    func question(showsStrengths: Bool, showsContrasts: Bool) -> String {
        let responding = passages.enumerated().map { index, passage in
            "Passage \(index + 1): \(passage.0)"
                + (showsStrengths ? ExplanationPrompt.strengthLine(passage.1) : "")
        }
        let contrasts = silent.enumerated().map { "Silent \($0 + 1): \($1)" }
        return (showsContrasts ? responding + contrasts : responding).joined(separator: "\n")
    }

    static let all: [ExplanationShot] = [
        ExplanationShot(
            passages: [
                (
                    "The harbour master raised the<< flag>> at dawn and waved to the ferry.",
                    [(" flag", 7)]
                ),
                (
                    " above the gate hung a torn<< banner>>, and beside it a smaller<< pennant>>",
                    [(" banner", 9), (" pennant", 8)]
                ),
                (
                    "⏎She folded the regiment's<< colours>> and put them away for good.",
                    [(" colours", 4)]
                ),
            ],
            reasoning:
                "Tokens: flag, banner, pennant, colours.\nShared: each is a piece of cloth flown or carried as a sign.\nGuess: the unit stands for flags.",
            answer: "Words for flags and other cloths flown as a sign.",
            silent: ["He could not flag down a cab in the rain.", "The sail tore, and they drifted until noon."]),
        ExplanationShot(
            passages: [
                (
                    "def area(w, h):⏎    return<< w>> * h⏎⏎print(area(2, 3))",
                    [(" w", 6)]
                ),
                (
                    "    if not items:⏎        return<< None>>⏎    return<< items>>[0]",
                    [(" None", 9), (" items", 5)]
                ),
                (
                    "fn next(&self) -> u32 { return<< self>>.count + 1; }",
                    [(" self", 8)]
                ),
            ],
            reasoning:
                "Tokens: w, None, items, self; nothing of their own in common.\nShared: right before each of them stands return, in programs.\nGuess: the unit stands for what a function gives back.",
            answer: "The first thing after the keyword \"return\" in program code.",
            silent: ["She hopes to return home by the end of May.", "    total = w * h⏎    self.items.append(total)"]),
        ExplanationShot(
            passages: [
                (
                    "He was neither tired<< nor>> hungry, only a little bored.",
                    [(" nor", 10)]
                ),
                (
                    "It is not the price<< but>> the delay that worries them",
                    [(" but", 5)]
                ),
                (
                    " no letter came,<< nor>> any word by telephone<<, nor>> by wire.",
                    [(" nor", 9), (",", 2), (" nor", 9)]
                ),
            ],
            reasoning:
                "Tokens: nor, but; a comma once, faintly.\nShared: a negation comes before, and these words go on from it.\nGuess: the unit stands for words that carry on a negation.",
            answer: "Conjunctions that carry on a negation, above all \"nor\".",
            silent: ["He was tired and hungry, and a little bored.", "It costs more, but I like it."]),
    ]
}
