/// A worked case that shows a model the form of question and answer.
struct ExplanationShot: Sendable {
    /// Passages with marks, and the strengths of the marked tokens.
    let passages: [(String, [(String, Int)])]
    /// The answer.
    let answer: String

    func question(showsStrengths: Bool) -> String {
        passages.enumerated().map { index, passage in
            "Passage \(index + 1): \(passage.0)"
                + (showsStrengths ? ExplanationPrompt.strengthLine(passage.1) : "")
        }.joined(separator: "\n")
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
            answer: "Words for flags and other cloths flown as a sign."),
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
            answer: "The first thing after the keyword \"return\" in program code."),
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
            answer: "Conjunctions that carry on a negation, above all \"nor\"."),
    ]
}
