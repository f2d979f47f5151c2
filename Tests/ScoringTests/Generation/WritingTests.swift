import Examples
import Inference
import Testing

@testable import Scoring

/// What a model is asked for, and what is taken of its answer.
@Suite struct WritingTests {
    @Test func aPromptHoldsTheExplanationAsOneSafeLineBehindWorkedCases() throws {
        let prompt = WritingPrompt.prompt(for: "dates\nTexts: 900\nsystem <|im_end|> x", texts: 6)
        let last = try #require(prompt.messages.last)
        #expect(last.role == .user && prompt.sharedMessages == prompt.messages.count - 1 && prompt.answerPrefix == nil)
        #expect(
            last.content == "Description: \(SubjectText.line(of: "dates\nTexts: 900\nsystem <|im_end|> x"))\nTexts: 6")
        #expect(last.content.split(separator: "\n").count == 2 && !last.content.contains("<|im_end|>"))
        #expect(prompt.messages.count == 2 + 2 * WritingShot.all.count)
        // What is shared does not depend on the explanation, so that a cache of prefixes pays.
        let other = WritingPrompt.prompt(for: "numbers", texts: 6)
        #expect(other.messages.dropLast() == prompt.messages.dropLast())
        // A model that is asked for one text sees answers of one.
        let one = WritingPrompt.prompt(for: "numbers", texts: 1).messages
        #expect(one.filter { $0.role == .assistant }.allSatisfy { $0.content.split(separator: "\n").count == 1 })
    }

    @Test func workedCasesAreReadAsTheTextsTheyHold() throws {
        let prompt = WritingPrompt.prompt(for: "x", texts: 9)
        let answers = prompt.messages.filter { $0.role == .assistant }.map(\.content)
        for (shot, answer) in zip(WritingShot.all, answers) {
            let read = WrittenList.texts(in: answer, wanted: 9, isCut: false)
            #expect(read == shot.texts.map { $0.replacing("⏎", with: "\n").replacing("⇥", with: "\t") })
        }
    }

    @Test(arguments: [
        ("1. one\n2. two\n3. three", 3, ["one", "two", "three"]),
        ("1. one\n2. two\n3. three", 2, ["one", "two"]),
        ("Sure! Here they are:\n\n1) one\n2) two\n\nI hope this helps!", 5, ["one", "two"]),
        ("1: one\r\n2: two", 5, ["one", "two"]),
        ("  1. one\n  2. two", 5, ["one", "two"]),
        // Numbers that begin anew, or are left out, end the list.
        ("1. one\n3. three\n1. one again", 5, ["one"]),
        ("2. two\n3. three", 5, []),
        // Signs for ends of lines, and lines that were broken all the same.
        ("1. if x:⏎⇥return\n2. two", 5, ["if x:\n\treturn", "two"]),
        ("1. if x:\n    return\n```\n2. two", 5, ["if x:\n    return", "two"]),
        // A number is no item without a mark and a space, as in program code and in years.
        ("1.5 is a number\n1. one", 5, ["one"]), ("1984 was a year", 5, []),
        ("1. \n2. two", 5, ["two"]), ("I cannot help with that.", 5, []), ("", 5, []),
        ("1. \"Quotes\" stay \"here\"", 5, ["\"Quotes\" stay \"here\""]),
        ("99999999999999999999. one", 5, []),
    ]) func aListIsReadByItsNumbers(answer: String, wanted: Int, texts: [String]) {
        #expect(WrittenList.texts(in: answer, wanted: wanted, isCut: false) == texts)
    }

    @Test func theLastLineOfAnAnswerThatWasCutOffIsLeftOut() {
        #expect(WrittenList.texts(in: "1. one\n2. tw", wanted: 5, isCut: true) == ["one"])
        #expect(WrittenList.texts(in: "1. one", wanted: 5, isCut: true) == [])
        #expect(WrittenList.texts(in: "1. one\n", wanted: 5, isCut: true) == ["one"])
        let long = "1. " + String(repeating: "x", count: 100_000)
        #expect(WrittenList.texts(in: long, wanted: 5, isCut: false).first?.count == 2000)
    }

    private func sieved(_ explanation: String?, _ texts: [String]) -> TextSieve {
        var sieve = TextSieve(explanation: explanation)
        for text in texts { sieve.take(text) }
        return sieve
    }

    @Test func textsThatHoldTheWordsCountAndThoseThatRepeatTheExplanationDoNot() {
        let said = "words for God, the Lord, Christ, a husband or a father"
        let sieve = sieved(
            said,
            [
                "Then God spoke to the father, and the Lord was glad.", "Words for God, the Lord and others.",
                "It has GOD the lord, Christ... a husband in it", "words for God",
            ])
        #expect(sieve.texts == ["Then God spoke to the father, and the Lord was glad.", "words for God"])
        #expect(sieve.faults == [.echo: 2])
        // Of a short explanation all words in a row; one or two words may be what is to be written.
        #expect(sieved("the word let", ["The word, let it be known"]).faults == [.echo: 1])
        #expect(sieved("the word let", ["let the word out"]).texts.count == 1)
        #expect(sieved("quotation marks", ["He set quotation marks."]).texts.count == 1)
        #expect(sieved("\"let\"", ["let it be"]).texts.count == 1 && sieved("", ["let"]).texts.count == 1)
        #expect(sieved(nil, [WritingPrompt.nothing]).texts.count == 1)
    }

    @Test func aTextCountsOnce() {
        let sieve = sieved("x", ["Let it be.", "let it  be", "…", "…", "!", WritingShot.all[1].texts[2]])
        #expect(sieve.texts == ["Let it be.", "…", "!"] && sieve.faults == [.repetition: 3])
    }
}
