/// A worked case of the counted form: words with counts, short lines, and a phrase.
struct CountedCase: Sendable {
    let words: [CountedWord]
    let firings: Int
    let before: CountedWord?
    let lines: [String]
    /// Lines in which the unit stays silent.
    let silent: [String]
    /// What is thought on the way, for a model that is asked to think first.
    let reasoning: String
    let answer: String

    func question(showing parts: CountedParts, showsContrasts: Bool) -> String {
        CountedPrompt.question(
            words: words, firings: firings, before: before, lines: lines, silent: showsContrasts ? silent : [],
            showing: parts)
    }

    private static func words(_ list: [(String, Int, Double)]) -> [CountedWord] {
        list.map { CountedWord(text: $0.0, count: $0.1, strength: $0.2) }
    }

    // Of three kinds, so that no one of them looks like the rule: a meaning, a word, what comes before.
    static let all = [
        CountedCase(
            words: words([("flag", 9, 8), ("banner", 5, 9), ("pennant", 2, 7), ("colours", 1, 4)]), firings: 17,
            before: nil,
            lines: [
                "The harbour master raised the<< flag>> at dawn",
                "a torn<< banner>>, and beside it a smaller<< pennant>>",
            ],
            silent: ["She folded the letters and put them away."],
            reasoning:
                "Words: flag, banner, pennant, colours.\nShared: each is a piece of cloth flown as a sign.\nGuess: flags.",
            answer: "words for flags and banners"),
        CountedCase(
            words: words([("nor", 14, 9), ("but", 2, 4)]), firings: 16, before: nil,
            lines: [
                "He was neither tired<< nor>> hungry", "no letter came,<< nor>> any word by telephone",
            ],
            silent: ["He was tired and hungry."],
            reasoning: "Words: nor, seldom but.\nShared: they carry on a negation.\nGuess: above all the word nor.",
            answer: "the word \"nor\""),
        CountedCase(
            words: words([("3", 5, 7), ("12", 4, 8), ("48", 3, 6), ("five", 1, 5)]), firings: 13,
            before: CountedWord(text: "Chapter", count: 12, strength: 0),
            lines: ["⏎Chapter<< 12>>. In which they set out", "as was told in Chapter<< 3>>, the road"],
            silent: ["It was 3 in the afternoon."],
            reasoning:
                "Words: 3, 12, 48, five.\nShared: numbers, and Chapter stands before nearly all.\nGuess: numbers of chapters.",
            answer: "the number after \"Chapter\""),
    ]
}
