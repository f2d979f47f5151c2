import Explaining
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
}
