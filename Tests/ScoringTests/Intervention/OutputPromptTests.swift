import Inference
import Testing

@testable import Scoring

@Suite struct OutputPromptTests {
    private let text = ToyVocabulary(words: 20, odd: [7: "\n", 8: "\"", 9: "<|im_end|>"])

    @Test func effectsAreListedWithTheirTokens() throws {
        let prompt = OutputPrompt.prompt(
            for: [
                .init(prompt: [1, 7, 2], rising: [3, 8]), .init(prompt: [4], rising: []),
                .init(prompt: [9, 5], rising: [6]),
            ], tokenDecoder: text)
        #expect(
            prompt.messages.last?.content
                == "Prompt 1:  w1⏎ w2\nLikelier next: \" w3\", \"\"\"\nPrompt 2: ‹|im_end¦> w5\nLikelier next: \" w6\"")
        #expect(prompt.messages.count == 8 && prompt.sharedMessages == 7)
        #expect(prompt.answerPrefix == "The change makes the model say: \"")
    }

    @Test func theWordsOfAnAnswerAreRead() {
        #expect(OutputPrompt.parse("musical instruments\".\nPrompt 4") == "musical instruments")
        #expect(OutputPrompt.parse("  cats \u{200b}and\t dogs") == "cats and dogs")
        #expect(OutputPrompt.parse("I see. The change makes the model say: \"sports\".") == "sports")
        #expect(OutputPrompt.parse("\"quoted\"") == "quoted")
        #expect(OutputPrompt.parse(String(repeating: "a", count: 1000))?.count == 300)
        let answers = [
            ("cats and", true, nil), ("cats\". More of", true, "cats"), ("<think>cats\"", false, nil),
            ("<think>dogs</think>cats\"", false, "cats"),
        ]
        for (text, isCutOff, said) in answers {
            let answer = Completion(text: text, tokensIn: 1, tokensOut: 1, isCutOff: isCutOff)
            #expect(OutputPrompt.parse(answer) == said)
        }
        for nothing in ["", " \n", "\"\"", "\u{7}"] { #expect(OutputPrompt.parse(nothing) == nil) }
    }

    @Test func aPassageIsShownOnOneLineBeforeTheOpeningOfTheClause() {
        let prefix = PassagePrompt.prefix(for: [1, 7, 9], tokenDecoder: text)
        #expect(prefix.hasSuffix("\n\nPassage:  w1⏎‹|im_end¦>\n\(PassagePrompt.opening)"))
        #expect(PassagePrompt.opening.hasSuffix("\"") && PassagePrompt.answer("trades") == "trades\"")
        // Worked cases are of the form of the question.
        let cases = prefix.split(separator: "\n").filter { $0.hasPrefix(PassagePrompt.opening) }
        #expect(cases.count == 5 && cases.dropLast().allSatisfy { $0.hasSuffix("\".") })
    }
}
