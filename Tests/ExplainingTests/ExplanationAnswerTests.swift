import Explaining
import Inference
import Testing

@Suite struct ExplanationAnswerTests {
    @Test func theLastTagWins() {
        let answer = "The form is [EXPLANATION]: your sentence. So:\n[EXPLANATION]: dates in years"
        #expect(ExplanationAnswer.parse(answer) == "dates in years")
    }

    @Test func onlyOneLineIsTaken() {
        #expect(ExplanationAnswer.parse("[EXPLANATION]: one\ntwo\nthree") == "one")
        #expect(ExplanationAnswer.parse("[EXPLANATION]:\n  one\ntwo") == "one")
        #expect(ExplanationAnswer.parse("[EXPLANATION]: one\u{2028}two") == "one")
    }

    @Test(arguments: ["", "no tag here", "[EXPLANATION]:", "[EXPLANATION]:  \n \t", "EXPLANATION: x", "[EXPLANATION]"])
    func anAnswerWithoutATagOrWithNothingBehindItIsMissing(answer: String) {
        #expect(ExplanationAnswer.parse(answer) == nil)
    }

    @Test func longSentencesAreCutAndControlCharactersDropped() throws {
        let long = try #require(ExplanationAnswer.parse("[EXPLANATION]: " + String(repeating: "ab ", count: 400)))
        #expect(long.count <= ExplanationText.maximumLength && long.count > 290)
        #expect(ExplanationAnswer.parse("[EXPLANATION]: a\u{1B}[2Jb\u{202E}c") == "a[2Jbc")
        let stacked = "[EXPLANATION]: a" + String(repeating: "\u{301}", count: 5000)
        #expect((ExplanationAnswer.parse(stacked) ?? "").unicodeScalars.count <= ExplanationText.maximumLength)
    }

    private func read(_ text: String, isCutOff: Bool = false, after start: String? = nil) -> String? {
        try? ExplanationAnswer.read(
            Completion(text: text, tokensIn: 1, tokensOut: 1, isCutOff: isCutOff), after: start)
    }

    @Test(arguments: [
        ("[EXPLANATION]: The word the", "The word the"), ("[explanation]: the word the", "the word the"),
        ("**[EXPLANATION]:** The word the", "The word the"), ("**[EXPLANATION]**: The word the", "The word the"),
        ("**[EXPLANATION]: The word the**", "The word the"), ("[EXPLANATION]: **The word the**", "The word the"),
        ("[EXPLANATION]：The word the", "The word the"), ("```\n[EXPLANATION]: The word the\n```", "The word the"),
        ("[EXPLANATION]: \"The word the\"", "\"The word the\""),
        ("[EXPLANATION]: __init__ in code", "__init__ in code"),
        ("[EXPLANATION]: The word the\n\nThis is because of many things.\n", "The word the"),
        ("[EXPLANATION]: first\n[EXPLANATION]: second", "second"),
        ("<think>I could say [EXPLANATION]: numbers</think>\n[EXPLANATION]: The word the", "The word the"),
        ("<think></think>\n\n[EXPLANATION]: The word the", "The word the"),
    ])
    func theSentenceIsReadFromWhatServersAnswer(answer: String, sentence: String) {
        #expect(read(answer) == sentence)
    }

    @Test(arguments: [
        " The word the in English text", "[EXPLANATION] The word the", "", "{\"explanation\": \"The word the\"}",
        "I'm sorry, but I can't help with that.", "The word the\n[EXPLANATION]:", "[EXPLANATION]: your sentence",
        "[EXPLANATION]: \"Your sentence.\"", "[EXPLANATION]: <your sentence>", "[EXPLANATION]: [your sentence here]",
        "[EXPLANATION]: ...", "[EXPLANATION]: **",
        "<think>A draft would be [EXPLANATION]: a draft that is wrong, but let me check. Passage 2 has",
    ])
    func whatIsNoSentenceIsNoExplanation(answer: String) {
        #expect(read(answer) == nil)
    }

    @Test func anAnswerThatWasCutOffIsNone() {
        #expect(read("[EXPLANATION]: The word the when it comes before a noun that", isCutOff: true) == nil)
        #expect(read("[EXPLANATION]: A draft.\nBut passage 2", isCutOff: true) == nil)
        // A line that was begun for the model, and that it has ended.
        #expect(read(" Dates.\nMore and more", isCutOff: true, after: "[EXPLANATION]:") == "Dates.")
        #expect(read(" Dates and", isCutOff: true, after: "[EXPLANATION]:") == nil)
    }

    @Test func theFailureHasTheAnswersOwnWords() {
        func message(_ text: String, isCutOff: Bool = false) -> String? {
            do {
                _ = try ExplanationAnswer.read(Completion(text: text, tokensIn: 1, tokensOut: 1, isCutOff: isCutOff))
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message("I cannot say.") == "no sentence after [EXPLANATION]: in the answer: I cannot say.")
        #expect(message("") == "no sentence after [EXPLANATION]: in the answer: it is empty")
        #expect(
            message("[EXPLANATION]: your sentence")
                == "the answer repeats the form it was asked for: [EXPLANATION]: your sentence")
        #expect(message("<think>Hm") == "the answer ends within a thought: <think>Hm")
        #expect(message("The w", isCutOff: true) == "the answer was cut off at its limit of tokens: The w")
    }
}
